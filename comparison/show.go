package comparison

import (
	"math/rand/v2"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// Show projects samples, the rows of x with their labels, centred and orthogonally on the span of the columns of A, d×r, which somebody else chose: by names how.
func Show(by Projection, a, x *mat.Dense, labels []int) Scatter {
	return scatters([]representation{spanned(by, a)}, x, labels)[0]
}

// Chosen returns the places of at most about so many labels of classes 0 … classes−1, ascending, drawn at random without repetition: from each class its share, rounded up, or all that it has
// if these are few, so that no class is missed. It returns all places if there are no more.
func Chosen(labels []int, classes, most int, seed uint64) []int {
	members := make([][]int, classes)
	for i, class := range labels {
		members[class] = append(members[class], i)
	}
	if len(labels) <= most {
		return slices.Sorted(slices.Values(slices.Concat(members...)))
	}
	const few = 10
	rng := rand.New(rand.NewPCG(seed, 1))
	var chosen []int
	for _, of := range members {
		share := (len(of)*most + len(labels) - 1) / len(labels)
		for _, place := range rng.Perm(len(of))[:min(len(of), max(share, few))] {
			chosen = append(chosen, of[place])
		}
	}
	slices.Sort(chosen)
	return chosen
}

// Drawn draws so many pairs that share their component: the points of either side, one a row, and the components. It fails as gmm.Pairs.NewSampler does.
func Drawn(p gmm.Pairs, samples int, seed uint64) (left, right *mat.Dense, labels []int, err error) {
	sampler, err := p.NewSampler(rand.New(rand.NewPCG(seed, 1)))
	if err != nil {
		return nil, nil, nil, err
	}
	left, right = mat.NewDense(samples, p.Left.Dimension(), nil), mat.NewDense(samples, p.Right.Dimension(), nil)
	for i := range samples {
		labels = append(labels, sampler.Component())
		left.SetRow(i, sampler.Left(labels[i]))
		right.SetRow(i, sampler.Right(labels[i]))
	}
	return left, right, labels, nil
}
