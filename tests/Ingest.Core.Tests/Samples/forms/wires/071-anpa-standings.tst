z9631_-----
r z BC-PUN--PuntExpanded     05-17 0820
^*9006< ^BC-PUN--Punt Expanded Glance< 
^Punt Expanded Standings= 
^Races of the season in Larkmoor Bay, rowed since March< 
^By The Associated Press= 
^All Times EDT= 
^NORTHERN LEAGUE= 
^East Division= 
^;W;L;Pct 
Larkmoor;23;13;.639 
Gull Island;19;21;.475 
^West Division= 
Oxbow;24;14;.632 
	   Sunday's Races
	   Larkmoor 7, Oxbow 5< 

	   AP-WF-05-17-25 0620GMT<

