ZCZC AAP
%A
#Otters_BC1
$Otters found in Wirra hospital
:(WIRRA)
&AAPIS\Rowet
*07000000
@QLD
A family of otters has been found in the laundry of Wirra hospital.

   Staff noticed on Monday that a basket of towels was wet before it was washed, the hospital said.

   The otters have been moved to the pond, and keep coming back.



AAP RTV
NNNN

ZCZC AAP
%A
$K
:
:Guild of Bell Founders
*X
The guild has cast no bell since March, for want of tin.
NNNN