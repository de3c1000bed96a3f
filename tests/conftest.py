"""Everything the tests share: keys made for this run, and the cast of people that every test knows."""
