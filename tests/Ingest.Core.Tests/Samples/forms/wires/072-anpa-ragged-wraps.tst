a0105KYODOkoko-
u s BC-Tea-Floor   09-12 0344
BC-Tea-Floor
Last leaves of Odawara are dry at last+
     ODAWARA, Japan, Dec. 9 Kyodo - Tea growers in Odawara hung out 
their last leaves on Sunday after a month in which it rained on 
all days but two, their association said. 
     Some leaves had been carried in and out of the sheds forty 
times, said its head, Haruki Ishimoto, who lost count himself 
and asked his daughter. 
     A second drying floor is to be built by the spring, with a 
roof of glass that the town bought from a railway station. 
     "We have been training for that roof over and over so I am 
relieved that it came in one piece," Ishimoto said. 
==Kyodo 
KWS-21:37-09-12-25
