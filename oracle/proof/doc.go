// Package proof turns a verdict on equality, Col(A*) = S_F, into a theorem: a
// certificate that a checker verifies with exact rationals and outward-rounded
// intervals, whatever found it.
package proof
