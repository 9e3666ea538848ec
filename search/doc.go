// Package search looks for where claims fail: it traces on grids of mixtures
// where equality holds, fails or is undecided.
package search
