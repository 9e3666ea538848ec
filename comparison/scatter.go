package comparison

import (
	"math"
	"math/big"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/oracle/subspace"
	"contrastcheck/tables"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Scatter is labelled samples, projected orthogonally on a line or a plane.
type Scatter struct {
	Projection Projection
	// Dimension is that of the subspace that the projection learned. Points are coordinates in
	// it: of two and more dimensions, in the two directions in which the samples vary most;
	// of one, with 0 as the second coordinate.
	Dimension int
	Points    [][2]float64
	Labels    []int // the component or class of each point, from 0
}

// ScattersOfMixture projects samples of p on the subspaces that random, SVD, LDA and InfoNCE
// projections of dim S_F columns learn from p itself. It fails as OfMixture does.
func ScattersOfMixture(p gmm.Pairs, samples int, seed uint64) ([]Scatter, error) {
	rng := rand.New(rand.NewPCG(seed, 0))
	prepare, err := fromMixture(p, p.Left.FisherDimension(), samples, Options{Seed: seed})
	if err != nil {
		return nil, err
	}
	t, err := prepare(rng)
	if err != nil {
		return nil, err
	}
	return scatters(t.representations, t.test.X, t.test.Labels), nil
}

// ScattersOfTable projects all rows of a table, centred, on the subspaces learned from the
// mixture fitted to them. It fails as OfTable does.
func ScattersOfTable(t *tables.Table, delta *big.Rat, seed uint64) ([]Scatter, error) {
	whole, err := fitted(t, t.All(), delta, tables.Shrinkage{})
	if err != nil {
		return nil, err
	}
	rank := whole.pairs.Left.FisherDimension()
	learned, err := learn(whole.pairs, rank, seed)
	if err != nil {
		return nil, err
	}
	return scatters(withRandom(learned, rank, rand.New(rand.NewPCG(seed, 0))), t.Rows(t.All()), t.Class), nil
}

// scatters projects the samples, centred, on every representation but the original.
func scatters(representations []representation, x *mat.Dense, labels []int) []Scatter {
	centred := centre(x)
	var out []Scatter
	for _, r := range representations {
		if r.projection == Original {
			continue
		}
		_, dimension := r.basis.Dims()
		var points mat.Dense
		points.Mul(centred, shown(r.basis, centred))
		s := Scatter{Projection: r.projection, Dimension: dimension, Labels: labels, Points: make([][2]float64, len(labels))}
		for i := range labels {
			copy(s.Points[i][:], points.RawRowView(i))
		}
		out = append(out, s)
	}
	return out
}

// shown returns the one or two orthonormal directions within the span of a basis in which
// the samples vary most.
func shown(basis, x *mat.Dense) *mat.Dense {
	d, dimension := basis.Dims()
	directions := min(dimension, 2)
	var projected, turned mat.Dense
	projected.Mul(x, basis)
	turned.Mul(basis, subspace.SampleSVD(&projected, directions))
	out := mat.NewDense(d, directions, nil)
	for j := range directions {
		out.SetCol(j, oriented(mat.Col(nil, j, &turned)))
	}
	return out
}

// oriented turns a vector so that its greatest entry, in size, is positive: equal subspaces
// look alike.
func oriented(v []float64) []float64 {
	greatest := 0.0
	for _, x := range v {
		if math.Abs(x) > math.Abs(greatest)*(1+1e-9) {
			greatest = x
		}
	}
	if greatest < 0 {
		floats.Scale(-1, v)
	}
	return v
}

// centre returns the samples less their mean.
func centre(x *mat.Dense) *mat.Dense {
	n, d := x.Dims()
	out := mat.DenseCopyOf(x)
	for j := range d {
		mean := mat.Sum(x.ColView(j)) / float64(n)
		for i := range n {
			out.Set(i, j, x.At(i, j)-mean)
		}
	}
	return out
}
