"""The steps. One that has been released is never changed: add another. The way back is the backup made before."""
