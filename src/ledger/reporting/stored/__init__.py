"""How material is stored and read back: cubes, registers, journals and series, as of any position."""
