package cosine

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Options steer Minimise.
type Options struct {
	// Columns is r, 1 to MostColumns.
	Columns int
	// Starts is how many descents there are of each rank, besides one from the best inside the Fisher subspace: ≥ 1. Zero means 6, and 3 of rank 3.
	Starts int
	// Seed determines them.
	Seed uint64
}

// Minimum is the best stationary point that a search found.
type Minimum struct {
	Evaluation
	// A is d×r in original coordinates; E‖Aᵀx‖² = 1, and whitened it has orthogonal columns, the longest first, of which the last are 0 where its rank is smaller. Rank is that of A.
	A    *mat.Dense
	Rank int
	// Outside is ‖QA‖²_F/‖A‖²_F, whitened, Q the projector off the Fisher subspace.
	Outside float64
	// Defect is ‖QM‖_F/‖M‖_F, whitened, M = AAᵀ.
	Defect float64
	// GradientNorm is ‖∇L‖_F and LeastCurvature the least eigenvalue of the Hessian off the symmetries A ↦ cAR and off turns of the noise, known to ±CurvatureError: in coordinates in
	// which E xxᵀ is the identity on the Fisher subspace and beyond, and of A with E‖Aᵀx‖² = 1.
	GradientNorm, LeastCurvature, CurvatureError float64
	// Starts are the descents, of which Reached led here; 0 of a closed form.
	Starts, Reached int
}

// Result is what a search found.
type Result struct {
	// Best is over all A, Inside over those whose columns are in the Fisher subspace S_F. Of dim S_F = 1 Inside is one number, f = ±1, and no search.
	Best, Inside Minimum
	// Fisher is dim S_F.
	Fisher int
	// Unresolved says which ranks were not searched, and why; "" if none.
	Unresolved string
}

// Minimise searches for the minimum over A of 1 to r columns. Whitened, an A of r columns needs no more than r directions of noise, as the loss sees that through AᵀA, and which is
// the same. It refuses what Evaluate does, and means that are all 0.
func Minimise(l Loss, p gmm.Pairs, o Options) (Result, error) {
	if err := Admits(p); err != nil {
		return Result{}, err
	}
	if o.Columns < 1 || o.Columns > MostColumns {
		return Result{}, fmt.Errorf("%w, found %d", ErrColumns, o.Columns)
	}
	s := p.Left.FisherDimension()
	if s == 0 {
		return Result{}, fmt.Errorf("cosine: expected means that are not all 0")
	}
	w, err := p.Left.WhitenFull()
	if err != nil {
		return Result{}, err
	}
	var svd mat.SVD
	if !svd.Factorize(w.Means, mat.SVDFullU) {
		panic("cosine: the means have no singular values")
	}
	f := &search{evaluator: newEvaluator(l, law{p.Weights(), p.Delta()}), fisher: s, whole: p.Left.Dimension(), rng: rand.New(rand.NewPCG(o.Seed, 7)), starts: o.Starts}
	f.axes = new(mat.Dense)
	svd.UTo(f.axes)
	f.means = new(mat.Dense)
	f.means.Mul(f.axes.Slice(0, f.whole, 0, s).T(), w.Means)
	f.even = evening(f.means, f.law.weights)
	r := Result{Fisher: s}
	if r.Inside, r.Unresolved, err = f.best(min(o.Columns, s), 0, nil); err != nil {
		return Result{}, err
	}
	if r.Best = r.Inside; s < f.whole {
		if r.Best, r.Unresolved, err = f.best(min(o.Columns, f.whole), f.whole-s, &r.Inside); err != nil {
			return Result{}, err
		}
		if !(r.Best.Value < r.Inside.Value-r.Inside.Error) {
			r.Best = r.Inside
		}
	}
	for _, m := range []*Minimum{&r.Best, &r.Inside} {
		wide := mat.NewDense(f.whole, o.Columns, nil)
		_, c := m.A.Dims()
		wide.Slice(0, f.whole, 0, c).(*mat.Dense).Copy(m.A)
		m.A = w.Columns(p.Left, wide)
		upright(m.A)
	}
	return r, nil
}

// search is over A = (A_S, A_N) in coordinates of the Fisher subspace and of as many directions of noise as count.
type search struct {
	*evaluator
	fisher, whole int
	means         *mat.Dense // s×K
	even          *mat.Dense // W = (I + Σw m mᵀ)^{−½}, s×s: the search is over A′ with A_S = WA′_S, so that embeddings have the energy ‖A′‖²
	axes          *mat.Dense // d×d, those of the Fisher subspace first
	rng           *rand.Rand
	starts        int
}

// best searches every rank up to most, with so many directions of noise.
func (f *search) best(most, noise int, inside *Minimum) (best Minimum, unresolved string, err error) {
	best.Value = math.Inf(1)
	for r := 1; r <= most; r++ {
		m, failure := f.ofRank(shape{f.fisher, min(noise, r), r}, inside, best.Value)
		if failure != nil {
			unresolved, err = fmt.Sprintf("rank %d: %v", r, failure), failure
			continue
		}
		if m.Value < best.Value-m.Error {
			best = m
		}
	}
	if math.IsInf(best.Value, 1) {
		return best, unresolved, err
	}
	return best, unresolved, nil
}

// steering bounds the steps, as spheres are dear. The loss changes on the scale on which embeddings are narrow.
func (f *search) steering(s shape) descent.Search {
	o := descent.Search{Steps: 200, Flat: s.symmetries, Step: func(θ []float64) float64 {
		h := 0x1p-10 * floats.Norm(θ, 2) // errors of 1e-6 of the curvature
		if g, ok := f.seen(s, f.plain(s, θ)); ok && s.columns > 1 {
			h *= g.widths[0] / g.widths[s.columns-1]
		}
		return h
	}}
	if s.columns == 3 {
		o.Steps, o.Newton = 40, 4
	}
	return o
}

// ofRank searches A of r columns; what is not below the best of fewer is given its value alone.
func (f *search) ofRank(s shape, inside *Minimum, least float64) (Minimum, error) {
	var starts [][]float64
	if s.fisher == 1 && s.noise == 0 { // f = ±1
		starts = [][]float64{{1}}
	} else {
		starts = f.from(s, inside)
	}
	found := descent.Stationary(f.function(s, coarse(s.columns)), starts, f.steering(s))
	if found.Value >= least {
		return Minimum{Evaluation: Evaluation{Value: found.Value}}, nil
	}
	if finer := descent.Stationary(f.function(s, fine(s.columns)), [][]float64{found.At}, f.steering(s)); finer.Value < math.Inf(1) {
		finer.Reached = found.Reached
		found = finer
	}
	if !(found.Value < math.Inf(1)) {
		return Minimum{}, ErrNarrow
	}
	size := floats.Norm(found.At, 2)
	a := f.plain(s, found.At)
	a.Scale(1/size, a)
	canonical(a)
	var part mat.Dense
	g, ok := f.seen(s, a)
	if !ok {
		return Minimum{}, ErrNarrow
	}
	e, err := f.evaluation(g)
	if err != nil {
		return Minimum{}, err
	}
	// f(cA) = f(A), so that derivatives of first order scale by 1/c and of second order by 1/c².
	m := Minimum{Evaluation: e, Rank: s.columns, GradientNorm: found.GradientNorm * size, LeastCurvature: found.LeastCurvature * size * size, CurvatureError: found.CurvatureError * size * size,
		Starts: len(starts), Reached: found.Reached}
	if len(starts) == 1 {
		m.Starts, m.Reached = 0, 0
	}
	if s.noise > 0 {
		m.Outside = math.Pow(mat.Norm(a.Slice(s.fisher, s.fisher+s.noise, 0, s.columns), 2)/mat.Norm(a, 2), 2)
	}
	part.Mul(f.axes.Slice(0, f.whole, 0, s.fisher+s.noise), a)
	var product, off mat.Dense
	product.Mul(a, a.T())
	off.CloneFrom(&product)
	off.Slice(0, s.fisher, 0, s.fisher+s.noise).(*mat.Dense).Zero()
	m.Defect = mat.Norm(&off, 2) / mat.Norm(&product, 2)
	m.A = &part
	return m, nil
}

// from are starts: random ones, with little and with much noise, and the best inside with a little noise in a column of its own where there is one.
func (f *search) from(s shape, inside *Minimum) (starts [][]float64) {
	count := f.starts
	if count == 0 {
		count = 6
		if s.columns == 3 {
			count = 2
		}
	}
	for i := range count {
		a := make([]float64, (s.fisher+s.noise)*s.columns)
		for j := range a {
			a[j] = f.rng.NormFloat64()
			if j >= s.fisher*s.columns {
				a[j] *= [...]float64{0.3, 0.6, 0.15}[i%3]
			}
		}
		starts = append(starts, a)
	}
	if inside == nil || s.noise == 0 {
		return starts
	}
	var within, back mat.Dense // A′ of the best inside
	within.Mul(f.axes.Slice(0, f.whole, 0, s.fisher).T(), inside.A)
	if err := back.Solve(f.even, &within); err != nil {
		return starts
	}
	a := mat.NewDense(s.fisher+s.noise, s.columns, nil)
	for j := range s.columns {
		if j < inside.Rank {
			a.SetCol(j, append(mat.Col(nil, j, &back), make([]float64, s.noise)...))
		} else {
			a.Set(s.fisher+(j-inside.Rank)%s.noise, j, 0.25)
		}
	}
	if inside.Rank >= s.columns { // a column with noise beside
		a.Set(s.fisher, s.columns-1, a.At(s.fisher, s.columns-1)+0.25)
	}
	return append(starts, a.RawMatrix().Data)
}
