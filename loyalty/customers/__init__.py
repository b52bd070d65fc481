"""The one definition of where a customer stands, which every list, figure, sentence and file above uses."""
