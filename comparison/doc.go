// Package comparison compares what linear projections keep of a mixture's
// components: the data as they are, and their orthogonal projections on the
// subspaces that chance, singular value decomposition, linear discriminant analysis
// and the InfoNCE loss choose.
//
// Like package theorems it joins solver and oracle, and does no numerics of its own.
// It states no claims and gives no verdicts: its numbers are averages over random
// samples, with their standard errors.
package comparison
