a0551taf--
u e BC-OBIT-FINCH-NYT   06-22 0140
^BC-OBIT-FINCH-NYT<
^(ART ADV: Photos NYT21-22 are being sent.)<
^Alasdair Finch, who mapped the fog, dies at 94<
^(PUB. DATE: June 23)<
^By PERDITA LOWE=
^c.2025 Wexmoor News Service=
	WEXMOOR _ Alasdair Finch, a schoolmaster whose maps of fog
are still used by pilots on the Wexmoor coast, died on
Sunday. He was 94.<
	Finch began to draw the edges of fog banks from his
classroom window in 1958 and asked his pupils to do the
same from theirs. In time there were two hundred windows.<
	The maps showed that fog came ashore by the same three
valleys nine times in ten. The airport moved its runway
lights accordingly.<
	``He marked us down for straight lines,'' recalled a
former pupil, Jocasta Reeve.<
	He is survived by a daughter and by 31 volumes, which the
county archive is scanning.<

NYT-06-22-25 1905EDT<
