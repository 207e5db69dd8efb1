V4644-----
r a pm-Sarn Frost-Table   05-15 0098
^PM-Sarn Frost-Table,0098<^
^Late frost kills half of Sarn Valley apple crop<^
^By The Associated Press=^
	UPPER SARN (AP) _ A night of frost in the second week of May has destroyed about half of the apple blossom in the Sarn Valley, growers said on Wednesday.<
	Temperatures fell to minus 5.3 degrees Celsius at Upper Sarn, the lowest May reading since the station was set up in 1926.<
Fruit          Orchards  Lost
Apples              212   51%
Pears                40   33%
Quinces               9   12%
	Fires were lit between the rows in some orchards and sprinklers ran all night in others, coating the buds in ice. The sprinklers saved more, the growers' association said.<
	``You could hear it,'' said grower Tomasin Rudge. ``The petals were ticking.''<
	The regional government will decide on Friday whether to declare an agricultural emergency.<

	   AP-NY-05-15-24 0211GMT<


