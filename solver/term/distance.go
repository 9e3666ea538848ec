package term

import (
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/descent"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term/closed"

	"gonum.org/v1/gonum/mat"
)

// distance is, of one modality whose components share a covariance,
//
//	f(M) = ½E D(x, x̂) + E_x log E_y e^{−½D(x, y)},   D(x, y) = (x − y)ᵀM(x − y),
//
// finite where G = I + M ≻ 0. Given x and the component of y, E e^{−½D} = det G^{−½} exp(−½(x − μ_k)ᵀK(x − μ_k)) with K = MG⁻¹. In coordinates about μ̄, with
// the log-partition h of logits log w_k + xᵀKy_k − ½y_kᵀKy_k as a function of K (type logPartition) and S = ½ E Σ_k p_k (x − y_k)(x − y_k)ᵀ − ½I,
//
//	f(M)      = tr M(I + (1−δ)B) − ½log det G − ½tr K(I + B) + E_x log Σ_k w_k exp(xᵀKy_k − ½y_kᵀKy_k)
//	∇f(M)     = ½K(2I + G⁻¹) + (1−δ)B − G⁻¹SG⁻¹,   2S = Σ_jk w_j E_j p_k (y_j − y_k)(y_j − y_k)ᵀ − 2 sym R E[t pᵀ]Yᵀ
//	D²f(M)[V] = ½U + sym U(I + 2S)G⁻¹ + G⁻¹D²h(K)[U]G⁻¹,   U = G⁻¹VG⁻¹.
//
// It is convex with D²f[V, V] ≥ ½tr UV, which bounds how far M is from the minimiser: with ε = ‖G‖‖∇f(M)‖_F < ½ that is at most
// 2‖G‖²‖∇f‖_F/(1−2ε). Integrating along the way, r = ‖G^−½(M − M*)G^−½‖_F has ½r²/(1 + r) ≤ ⟨∇f(M), M − M*⟩ ≤ εr.
type distance struct {
	law     *Law
	scatter *mat.Dense // (1−δ)B
	between *mat.Dense // B
	engine  *logPartition
	metric  closed.Metric
}

// Distance is InfoNCE with infinitely many negatives and scores −½D. Where components have their own covariances it is of type tiltedDistance.
func Distance(l *Law) Term {
	if l.Left.Covariances != nil {
		return newTiltedDistance(l)
	}
	y := centredColumns(l.Weights, l.Left.Means)
	m, _ := y.Dims()
	f := &distance{law: l, between: gmm.CrossMoment(l.Weights, y, y), scatter: new(mat.Dense), metric: closed.Flat(m)}
	f.scatter.Scale(1-l.Delta, f.between)
	flat := &Side{Means: y, Second: f.metric.Left, Error: l.Left.Error}
	if size := longest(y); size > 0 { // errors are relative to the means as they were
		flat.Error *= max(1, longest(l.Left.Means)/size)
	}
	about := *l
	about.Left, about.Right = flat, flat
	f.engine = newLogPartition(&about, 0.5)
	return f
}

// longest is the length of the longest column.
func longest(a *mat.Dense) float64 {
	_, columns := a.Dims()
	var size float64
	for j := range columns {
		size = max(size, mat.Norm(a.ColView(j), 2))
	}
	return size
}

func (f *distance) traits() traits {
	own := f.engine.traits()
	own.modulus, own.quadratic, own.metric = 0, 0, &f.metric
	return own
}

func (f *distance) measuredBy(norm func(g *mat.Dense) float64, draw func() *mat.Dense) {
	f.engine.measuredBy(norm, draw)
}

func (f *distance) softmax() *logPartition { return f.engine }

// contains tells whether I + M ≻ 0.
func (f *distance) contains(m *mat.Dense) bool {
	values, _ := dense.Eigen(m)
	return values[0] > -1
}

func (f *distance) evaluation(used evaluation) evaluation {
	e, ok := used.(*distanceAt)
	if !ok {
		e = &distanceAt{softmaxPoint: new(softmaxPoint)}
	}
	e.of = f
	e.softmaxPoint = f.engine.evaluation(e.softmaxPoint).(*softmaxPoint)
	return e
}

// distanceAt is a distance term at one M = Q diag(m) Qᵀ.
type distanceAt struct {
	*softmaxPoint // h at K
	of            *distance
	m             *mat.Dense
	values        []float64  // m
	kernel        *mat.Dense // K
	inverse       *mat.Dense // G⁻¹
	spread        *mat.Dense // I + 2S
	widest        float64    // ‖G⁻¹‖²
	residual      float64    // ‖∇f‖_F with its error
	bent          descent.Operator
	scratch       dense.Arena
}

func (e *distanceAt) average(memory *dense.Arena, m *mat.Dense, tolerance float64) (*mat.Dense, error) {
	values, turn := dense.Eigen(m)
	if !(values[0] > -1) {
		return nil, fmt.Errorf("%w: E exp(−½D) is infinite at a smallest eigenvalue of M of %.6g ≤ −1", descent.ErrSteep, values[0])
	}
	f := e.of
	spectral := func(of func(x float64) float64) *mat.Dense {
		scale := make([]float64, len(values))
		for i, x := range values {
			scale[i] = of(x)
		}
		return dense.Times(dense.WeightedColumns(turn, scale), turn.T())
	}
	e.m, e.values, e.widest = m, values, 1/((1+values[0])*(1+values[0]))
	e.kernel = spectral(func(x float64) float64 { return x / (1 + x) })
	e.inverse = spectral(func(x float64) float64 { return 1 / (1 + x) })
	if _, err := e.softmaxPoint.average(memory, e.kernel, tolerance/e.widest); err != nil {
		return nil, err
	}
	out := spectral(func(x float64) float64 { return x / (1 + x) * (1 + 0.5/(1+x)) })
	out.Add(out, f.scatter)
	excess := f.excess(e.directions, e.over)
	out.Sub(out, dense.Times(dense.Times(e.inverse, excess), e.inverse))
	e.spread = spectral(func(float64) float64 { return 1 })
	dense.AddScaled(e.spread, 2, excess)
	e.residual = dense.Norm(out) + e.accuracy().err
	return out, nil
}

// excess is S.
func (f *distance) excess(directions *mat.Dense, over averages) *mat.Dense {
	y := f.engine.centred
	m, k := y.Dims()
	out := dense.Times(dense.Times(directions, over.tp), y.T())
	out.Scale(-1, out)
	dense.Symmetrise(out)
	apart := make([]float64, m)
	for j, w := range f.law.Weights {
		for i := range k {
			p := (w*over.p.At(j, i) + f.law.Weights[i]*over.p.At(i, j)) / 2
			if i >= j {
				continue
			}
			for a := range apart {
				apart[a] = y.At(a, j) - y.At(a, i)
			}
			dense.AddOuter(out, p, apart, apart)
		}
	}
	return out
}

// accuracy is that of h, as G⁻¹ magnifies it. What M's own rounding does to the other terms is no more than their size.
func (e *distanceAt) accuracy() accuracy {
	own := e.softmaxPoint.accuracy()
	own.err *= e.widest
	own.blur *= e.widest
	own.moved = own.moved*e.widest + e.widest*(dense.Norm(e.spread)+dense.Norm(e.m)) + dense.Norm(e.of.scatter)
	return own
}

func (e *distanceAt) value(tolerance float64) (value, err, size float64) {
	f := e.of
	logs, err := f.engine.meanLogs(e.softmaxPoint, tolerance/e.widest)
	for j, w := range f.law.Weights {
		value += w * logs[j]
		size += w * math.Abs(logs[j])
	}
	for _, x := range e.values {
		value += x - (math.Log1p(x)+x/(1+x))/2
		size += math.Abs(x) * (1 + math.Sqrt(e.widest))
	}
	for _, x := range []float64{dense.Inner(e.m, f.scatter), -dense.Inner(e.kernel, f.between) / 2} {
		value += x
		size += math.Abs(x)
	}
	return value, err, 1 + size
}

func (e *distanceAt) hessian(tolerance float64) (descent.Operator, error) {
	var err error
	e.bent, err = e.softmaxPoint.hessian(tolerance)
	return e, err
}

// Apply writes D²f(M)[V] for a symmetric V.
func (e *distanceAt) Apply(into, v *mat.Dense) {
	e.scratch.Reset()
	u, half := e.scratch.Dense(v.Dims()), e.scratch.Dense(v.Dims())
	around := func(into, a *mat.Dense) { // G⁻¹AG⁻¹
		dense.Product(half, e.inverse, a)
		dense.Product(into, half, e.inverse)
	}
	around(u, v)
	image := e.scratch.Dense(v.Dims())
	e.bent.Apply(image, u)
	dense.Symmetrise(image)
	around(into, image)
	dense.Product(half, u, e.spread)
	dense.Product(image, half, e.inverse)
	dense.Symmetrise(image)
	dense.AddScaled(into, 1, image)
	dense.AddScaled(into, 0.5, u)
}

// modulus is that c of the distance to the minimiser being at most ‖∇f‖/c.
func (e *distanceAt) modulus(descent.Metric, float64) float64 {
	size := 1 + e.values[len(e.values)-1]
	return max(0, 1-2*size*e.residual) / (2 * size * size)
}

func (e *distanceAt) softmax() (s *softmaxPoint, magnified float64) { return e.softmaxPoint, e.widest }

// DistanceOf is the distance term at M = 1 of a side in r dimensions, with an estimate of its error: with H = (I + S)⁻¹ and points z about the mean,
//
//	tr S + (1−δ) tr B − ½log det(I + S) + E_z[ −½zᵀHz + log Σ_k w_k exp(zᵀHy_k − ½y_kᵀHy_k) ],   z ∼ Σ w_j N(y_j, S).
func DistanceOf(weights, logWeights []float64, delta float64, side Projected) (value, err float64, failure error) {
	y := centredColumns(weights, side.Means)
	spectrum, turn := dense.Eigen(side.Covariance)
	y = dense.Times(turn.T(), y)
	r, k := y.Dims()
	between := gmm.RawScatter(weights, y)
	size := 1.0
	scaled, slopes := mat.DenseCopyOf(y), mat.DenseCopyOf(y) // Hy and S^½Hy
	for i, s := range spectrum {
		s = max(0, s)
		b := between.At(i, i)
		value += s + (1-delta)*b - math.Log1p(s)/2 - (s+b)/(2*(1+s))
		size += 2*s + 2*b
		for c := range k {
			scaled.Set(i, c, y.At(i, c)/(1+s))
			slopes.Set(i, c, math.Sqrt(s)*scaled.At(i, c))
		}
	}
	offsets := dense.Times(y.T(), scaled)
	own := make([]float64, k)
	for i := range own {
		own[i] = offsets.At(i, i) / 2
	}
	for j := range k {
		for i, log := range logWeights {
			size = max(size, math.Abs(offsets.At(j, i))+own[i]+math.Abs(log))
			offsets.Set(j, i, offsets.At(j, i)-own[i]+log)
		}
	}
	var memory dense.Arena
	c := newContrasts(&memory, slopes, offsets, lossTolerance)
	logs, off, failure := c.meanLogPartition(weights)
	if failure != nil {
		return math.NaN(), math.Inf(1), failure
	}
	for j, w := range weights {
		value += w * logs[j]
		size += w * math.Abs(logs[j])
	}
	return value, off + float64(4*side.Dimension+8*r+4*k+16)*unitRoundoff*size, nil
}
