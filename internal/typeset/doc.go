// Package typeset writes what other rooms return as LaTeX, for papers: mixtures and their proofs in exact numbers. Text needs amsmath and amsthm, the environments
// that Preamble names, and no other.
package typeset
