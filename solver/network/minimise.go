package network

import (
	"fmt"
	"math"
	"math/rand/v2"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"

	"gonum.org/v1/gonum/mat"
)

// Options steer Minimise.
type Options struct {
	Seed uint64
	// Starts multiplies the numbers of starts: > 0. Zero means 1.
	Starts float64
}

// Minimum is the best stationary point of a search.
type Minimum struct {
	Net
	// Value is known to ±Error, an estimate.
	Value, Error float64
	// GradientNorm is that of all numbers of the net, the weights on whitened coordinates of which only those of the search count; LeastCurvature the least eigenvalue
	// of the Hessian off the symmetries of nets, known to ±CurvatureError.
	GradientNorm, LeastCurvature, CurvatureError float64
	Starts, Reached                              int
	// Rule is the quadrature, and Points its nodes.
	Rule   string
	Points int
	// Outside is the share ‖WQ‖_F/‖W‖_F of the hidden weights outside the subspace, whitened.
	Outside float64

	θ []float64
}

// Result is what a search found.
type Result struct {
	// Best is the best of all searches, Inside the best with hidden weights inside the subspace: S_c with biases, S_F without.
	Best, Inside Minimum
	// Dimension is that of the subspace.
	Dimension int
	// Noise is the least second derivative of the loss at Inside along weights on noise, ½d²L per unit of ‖W_⊥‖² doubled, known to ±NoiseError: not negative if
	// no little noise lowers the loss. NaN where there is no noise, and of a step.
	Noise, NoiseError float64
}

// Minimise looks for the net of one tower with the least loss: descents from many starts, inside the subspace that tells the components apart and on
// it and one direction of noise. It takes one modality with a shared covariance, of which the means span at most two directions, and of a step, with noise, one.
func Minimise(l Kind, p gmm.Pairs, s Shape, o Options) (Result, error) {
	if err := p.WantSingle(); err != nil {
		return Result{}, err
	}
	inner, err := newProblem(l, p, s, 0)
	if err != nil {
		return Result{}, err
	}
	if o.Starts == 0 {
		o.Starts = 1
	}
	r := Result{Dimension: inner.signal, Noise: math.NaN(), NoiseError: math.NaN()}
	r.Inside = inner.search(nil, o)
	if inner.signal == 0 { // its only coordinate is noise
		r.Inside.Outside = 0
	}
	outer, err := newProblem(l, p, s, 1)
	if err != nil {
		return Result{}, err
	}
	r.Best = r.Inside
	if outer.noise == 0 || outer.signal == 0 {
		return r, nil
	}
	start := outer.embedded(inner, r.Inside.θ)
	if !s.Activation.Step { // whose loss is not smooth where two neurons jump together
		r.Noise, r.NoiseError = inner.outward(r.Inside.θ)
	}
	free := outer.search(start, o)
	if free.Value < r.Inside.Value-free.Error-r.Inside.Error {
		r.Best = free
	}
	return r, nil
}

// levels are the rules for so many directions: that of the descent, and that of the value.
func levels(directions int) (search, value level) {
	switch directions {
	case 0, 1:
		return good, fine
	case 2:
		return rough, good
	}
	return coarse, rough
}

// starts is how many random starts so many directions have.
func (o Options) starts(directions int) int {
	few := map[int]float64{1: 24, 2: 4, 3: 2}
	return max(1, int(math.Round(o.Starts*few[directions])))
}

// search descends from random starts and, if there is one, from a point, as it is and with noise.
func (q *problem) search(from []float64, o Options) Minimum {
	n := q.signal + q.noise
	var value level
	q.level, value = levels(n)
	var starts [][]float64
	if from != nil {
		starts = append(starts, from, q.disturbed(from, o.Seed))
	}
	for i := range o.starts(n) {
		starts = append(starts, q.random(rand.New(rand.NewPCG(o.Seed, uint64(i)))))
	}
	search := descent.Search{Flat: q.flat, Steps: 400}
	if n > 1 {
		search.Tolerance, search.Steps = 1e-8, 100
	}
	q.most = searched
	found := descent.Stationary(q.at, starts, search)
	m := Minimum{Net: q.net(found.At), GradientNorm: found.GradientNorm, LeastCurvature: found.LeastCurvature, CurvatureError: found.CurvatureError,
		Starts: len(starts), Reached: found.Reached, θ: found.At, Outside: q.outside(found.At)}
	less := found.Value
	q.level, q.most = value, mostNodes
	m.Value = q.at(found.At, nil)
	m.Error = math.Abs(m.Value-less) + rounding*(1+math.Abs(m.Value))
	m.Rule, m.Points = q.rule(found.At)
	return m
}

// searched is how many nodes an evaluation of a search takes at most: nets that are steeper are left out.
const searched = 40_000

// rule names the rule, with its nodes.
func (q *problem) rule(θ []float64) (string, int) {
	w, _, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return "", 0
	}
	g, _ := q.nodes(q.tower(θ, v), v, mostNodes)
	return "Gauss–Legendre panels in " + plural(len(v.u[0]), "direction"), len(g.given)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// random is a net whose neurons change where the mixture is.
func (q *problem) random(rng *rand.Rand) []float64 {
	θ := make([]float64, q.size())
	w, v, b, _ := q.parts(θ)
	n := q.signal + q.noise
	for j := range q.Hidden {
		row := w[j*n : (j+1)*n]
		for i := range row {
			row[i] = rng.NormFloat64()
		}
		size := norm(row)
		scale := math.Exp(1.5*rng.Float64()-.5) / size
		for i := range row {
			row[i] *= scale
		}
		if b == nil {
			continue
		}
		mean := q.means[rng.IntN(len(q.means))]
		for i, x := range row {
			b[j] -= x * (mean[i] + 1.5*rng.NormFloat64())
		}
	}
	height := math.Exp(2*rng.Float64()-1) / math.Sqrt(float64(q.Hidden))
	for i := range v {
		v[i] = height * rng.NormFloat64()
	}
	q.tame(θ)
	return θ
}

// tame scales output weights down where f grows so fast that e^{f(x)·f(y)} outweighs the mixture.
func (q *problem) tame(θ []float64) {
	w, out, _, _ := q.parts(θ)
	v, err := q.see(w, q.Hidden)
	if err != nil {
		return
	}
	const mild = .6
	if steep := q.tower(θ, v).growth(); steep > mild {
		for i := range out {
			out[i] *= mild / steep
		}
	}
}

// embedded are the numbers of a problem inside the subspace in one with noise that no weight sees.
func (q *problem) embedded(inner *problem, θ []float64) []float64 {
	out := make([]float64, q.size())
	from, to := inner.signal+inner.noise, q.signal+q.noise
	for j := range q.Hidden {
		copy(out[j*to:], θ[j*from:(j+1)*from])
	}
	copy(out[q.Hidden*to:], θ[q.Hidden*from:])
	return out
}

// disturbed adds weights on noise.
func (q *problem) disturbed(θ []float64, seed uint64) []float64 {
	out := append([]float64(nil), θ...)
	rng := rand.New(rand.NewPCG(seed, 1<<32))
	w, _, _, _ := q.parts(out)
	n := q.signal + q.noise
	for j := range q.Hidden {
		row := w[j*n : (j+1)*n]
		size := norm(row)
		for i := q.signal; i < n; i++ {
			row[i] += .5 * size * rng.NormFloat64()
		}
	}
	return out
}

// outside is the share of hidden weights on noise.
func (q *problem) outside(θ []float64) float64 {
	w, _, _, _ := q.parts(θ)
	n := q.signal + q.noise
	noise := 0.0
	for j := range q.Hidden {
		noise += dot(w[j*n+q.signal:(j+1)*n], w[j*n+q.signal:(j+1)*n])
	}
	if noise == 0 {
		return 0
	}
	return math.Sqrt(noise / dot(w, w))
}

// outward is the least second derivative along weights on one direction of noise, of a problem without noise, by two rules.
func (q *problem) outward(θ []float64) (least, err float64) {
	var found [2]float64
	first, second := levels(q.signal)
	for i, l := range []level{first, second} {
		q.level = l
		form, failure := q.curvature(θ)
		if failure != nil {
			return math.NaN(), math.NaN()
		}
		found[i] = form.least()
	}
	return found[1], math.Abs(found[1] - found[0])
}

// flat are the directions of the symmetries: outputs turned and, of activations that are homogeneous, neurons rescaled.
func (q *problem) flat(θ []float64) *mat.Dense {
	var columns [][]float64
	w, v, b, c := q.parts(θ)
	n, r := q.signal+q.noise, q.Outputs
	for i := range r {
		for l := range i {
			column := make([]float64, len(θ))
			_, dv, _, dc := q.parts(column)
			for j := range q.Hidden {
				dv[j*r+i], dv[j*r+l] = v[j*r+l], -v[j*r+i]
			}
			if c != nil {
				dc[i], dc[l] = c[l], -c[i]
			}
			columns = append(columns, column)
		}
	}
	for j := 0; q.Activation.kinked && j < q.Hidden; j++ {
		column := make([]float64, len(θ))
		dw, dv, db, _ := q.parts(column)
		copy(dw[j*n:(j+1)*n], w[j*n:(j+1)*n])
		if b != nil {
			db[j] = b[j]
		}
		for i := 0; i < r && !q.Activation.Step; i++ {
			dv[j*r+i] = -v[j*r+i]
		}
		columns = append(columns, column)
	}
	if len(columns) == 0 {
		return nil
	}
	out := mat.NewDense(len(θ), len(columns), nil)
	for i, x := range columns {
		out.SetCol(i, x)
	}
	return out
}
