"""The grammar of numbers that Chinese and Cantonese share; the words of each stand in a wording."""
