"""What rebuild and update are made of; their doors are in `index.build`."""
