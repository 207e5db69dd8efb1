z7001-----
d k BC-FEA--Smokehouse   03-02 0118
^BC-FEA--Smokehouse,118<
^Orrin's last smokehouse passes to its apprentice<
^By BEATRIX LUND=
^Associated Press=
	   ORRIN (AP) _ The last working smokehouse in Orrin has been sold for one crown to the woman who joined it as an apprentice fifteen years ago. 
	   Marit Skelling, 33, took over the keys on Saturday from Edwin Crake, whose family had smoked eels there since 1874. 
	   There were higher offers. A hotel chain wanted the chimney, Crake said, and a brewery wanted the cellar. 
	   ``She is the only one who wanted the eels,'' he said. 
	   Skelling plans to stay open on Sundays and to sell by post. The recipe is not written down. 

