z6715-----
r s BC-SOC--Tarn Valley-Cup 1stLd-Writethru   05-18 0212
^BC-SOC--Tarn Valley-Cup, 1st Ld-Writethru,212< 
^Underdogs Tarn Valley lift cup after shootout drama< 
^AP Photo TVC101, TVC102< 
^Eds: Updates with quotes. With AP Photos.< 
^By JOSS PENNYWELL= 
^AP Sports Writer= 
	   TARN VALLEY (AP) _ Second-tier Tarn Valley won the League Cup for the first time on Sunday, beating holders Redcastle Athletic 5-4 on penalties after a goalless two hours in driving rain. 
	   Goalkeeper Bram Otieno saved the last kick, from Redcastle captain Yuri Maddock, with his trailing foot. 
	   ``I went the wrong way and the ball came to me anyway,'' said Otieno, 38, who works as a postman and is to retire in May. 
	   Redcastle hit the post twice and had a goal ruled out for offside nine minutes from time. Their coach, Sandro Wyke, said his team had been ``beaten by a pond'', a reference to the pitch. 
	   The winners receive 1.1 million and a place in next season's continental qualifying round. 
	   ___ 
	   AP soccer: https://apnews.example/hub/soccer 

	   AP-WF-05-18-25 1937GMT<


