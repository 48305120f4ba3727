"""How what is stored keeps up with the log, is rebuilt beside itself, and is compared with the facts."""
