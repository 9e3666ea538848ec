package clustering

import "math"

// AdjustedMutualInformation returns, of two labelings U and V of n samples,
//
//	AMI = (MI − E) / (½[H(U) + H(V)] − E),
//
// MI their mutual information and E its exact expectation over pairs of labelings
// of the same sizes,
//
//	E = Σ_ij Σ_m (m/n) log(n m/(a_i b_j)) a_i! b_j! (n−a_i)! (n−b_j)! / (n! m! (a_i−m)! (b_j−m)! (n−a_i−b_j+m)!),
//
// m from max(1, a_i+b_j−n) to min(a_i, b_j) (Vinh, Epps and Bailey, JMLR 11, 2010;
// normalised by the arithmetic mean, as scikit-learn does by default). It is at most
// 1, which identical partitions have, also trivial ones, and has expectation 0 for
// independent labelings of given sizes. The order of arguments and the names of
// labels do not matter. It panics if the lengths differ, are 0, or a label is
// negative.
func AdjustedMutualInformation(a, b []int) float64 {
	c := newContingency(a, b)
	if c.identical() {
		return 1
	}
	expected := c.expectedInformation()
	return (c.information() - expected) / ((entropy(c.rows, c.n)+entropy(c.columns, c.n))/2 - expected)
}

// information is MI = Σ_ij (n_ij/n) log(n n_ij/(a_i b_j)).
func (c contingency) information() float64 {
	n := float64(c.n)
	var sum float64
	for i, row := range c.counts {
		for j, count := range row {
			if count > 0 {
				m := float64(count)
				sum += m / n * math.Log(n*m/(float64(c.rows[i])*float64(c.columns[j])))
			}
		}
	}
	return sum
}

// expectedInformation is E. Factorials come from log-gamma.
func (c contingency) expectedInformation() float64 {
	logFactorial := make([]float64, c.n+1)
	for i := range logFactorial {
		logFactorial[i], _ = math.Lgamma(float64(i) + 1)
	}
	n := float64(c.n)
	var sum float64
	for _, a := range c.rows {
		for _, b := range c.columns {
			fixed := logFactorial[a] + logFactorial[b] + logFactorial[c.n-a] + logFactorial[c.n-b] - logFactorial[c.n]
			for m := max(1, a+b-c.n); m <= min(a, b); m++ {
				probability := math.Exp(fixed - logFactorial[m] - logFactorial[a-m] - logFactorial[b-m] - logFactorial[c.n-a-b+m])
				sum += float64(m) / n * math.Log(n*float64(m)/(float64(a)*float64(b))) * probability
			}
		}
	}
	return sum
}

// entropy is −Σ (a_i/n) log(a_i/n).
func entropy(sizes []int, n int) float64 {
	var sum float64
	for _, size := range sizes {
		if size > 0 {
			p := float64(size) / float64(n)
			sum -= p * math.Log(p)
		}
	}
	return sum
}
