"""The spelling model of the text front end, trained on the pronouncing dictionary."""
