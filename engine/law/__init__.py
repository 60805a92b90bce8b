"""Pure date law: the calendar, terms and the award clock, computed from nothing but what is passed in."""
