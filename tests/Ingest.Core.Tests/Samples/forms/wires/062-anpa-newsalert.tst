W1645asian
b a BC-EU--APNewsAlert   02-11 0019
^BC-EU--APNewsAlert,19<
	   BRANNOCK (AP) _ Parliament in Brannock rejects the water levy by a single vote, 49 to 50.

	   AP-WF-02-11-25 2315GMT<


