package quadrature

// PrefersLattice tells whether a lattice is expected to reach a tolerance with less
// work than a sparse grid, for a softmax whose logits differ in slope by ranges[i].
func PrefersLattice(ranges []float64, tolerance float64) bool {
	return false
}
