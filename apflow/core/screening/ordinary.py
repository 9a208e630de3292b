"""Surnames that are ordinary English words too: written alone, none of them says whom it is about."""

_WORDS = """
abbey apple archer arrow ash badger baker banks barber barker barn barrow bath battle beach beck bell berry best bird
birch bishop blackbird blue bond booth bow bowler bradford bridge bright bristol brook brooks brown buck bull burn bush
butcher butler camp cannon carpenter carter castle cave chance chapel chase church clay cliff cloud cole cook cooper
corn cotton crane cream cross crow day dean down drake drew driver dyer east english ewe fair farm farmer field fields
finch fish fisher flint flower ford forest forester fox france french friday frost gale gardener garden gate gay glass
glover gold golden good goose grace gray green greenfield grey grove hall hand hare harbour hart harvest hawk hay heath
heather hedge hill hills holly holiday home hood hope horn house hunt hunter ireland iron ivy jay judge keen keep key
king kite knight knot lake lamb lane large lark lawn leaf lee light lilly lily little lock london long loop love low
major march marsh martin mason may meadow mercer merry mill miller mills monday moon moor moss mountain nettle new
nightingale noble noon north oak oaks orchard page pain painter parish park parsons peace peach peacock pearl penny
pepper perch pike pine plain plum pond pool poole pope porter potter pound power price priest prince queen quick raven
reed reader rice rich rider ridge rivers robin rock rook rose rowan rush russet sage sailor salmon sand sands sawyer
school sculptor sea senior sharp shepherd shore short silver singer skinner small smart smith snow south sparrow speed
spring sparks squire stable stables star stead steel stone storm street strong summer summers sun swallow swan sweet
tailor tanner taylor temple thistle thorn thorne thrush tree trees tower town turner twist vale valley vine vicar waite
walker wall ward water waters weaver webb week wells west wheat wheeler white wild wilder willow winter wise wolf wood
woods work wren wright yard yew young
"""

ORDINARY = frozenset(_WORDS.split())

_TITLES_AND_OPENINGS = """
a after all also an and as at because before both but child dr each family for from her his how if in is it later
learner like master miss mr mrs ms mx no not now of on once our pupil since so some student that the then there they
this to today was we when where while who with yes yesterday
"""

NO_FORENAME = frozenset(_TITLES_AND_OPENINGS.split())  # Though they stand before a surname with a capital letter.
