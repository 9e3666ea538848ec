// Package generators draws random mixtures and representations with rapid, one
// file a family.
//
// Every generator is constructive: nothing is drawn and thrown away. Numbers lie
// on dyadic grids, so that they are exact, and shrink towards 0, unit weights and
// the identity covariance. Values print themselves in exact numbers.
package generators
