"""What this PC may do: the licence it holds, the trial it began with, and the clock it goes by."""
