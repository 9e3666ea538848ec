package oracle

import (
	"fmt"
	"math"
	"slices"

	"contrastcheck/gmm"

	"gonum.org/v1/gonum/mat"
)

// spectralPoint is a matrix M, m_V×m_T, seen in whitened coordinates of two sides
// beside the spectral contrastive loss −2E[xᵀMy] over pairs + E[(xᵀMy)²] over
// independent points, with what separates M from its minimiser M*:
//
//	S_V(M − M*)S_T = ½∇L(M) = S_V M S_T − X,   S = E[xxᵀ] = I + Σ w_k μ_kμ_kᵀ,   X = E[xyᵀ] = Σ w_k μ_k ν_kᵀ
//
// ν_k being the mean of the partners of component k. In one modality both sides are one.
type spectralPoint struct {
	visual, text *view
	partners     *mat.Dense // m_T×K, ν_k
	partnersOff  []float64  // K, bounds of |ν_k − exact ν_k|
	m            *mat.Dense
	weighted     *mat.Dense // N = D_V^½ M D_T^½, D the diagonal of S as computed
	// epsilon bounds ‖M − M*‖_F, weightedEpsilon ‖N − N*‖_F; +Inf where float64 cannot.
	epsilon, weightedEpsilon float64
}

// spectralRule says how the distance was bounded.
const spectralRule = "moments in closed form"

// seeSpectral views one modality.
func seeSpectral(p gmm.Pairs, form gmm.Form) (*spectralPoint, error) {
	v, err := see(p, form.Left)
	if err != nil {
		return nil, err
	}
	at := &spectralPoint{visual: v, text: v, m: v.matrix(form.Symmetric()), partners: new(mat.Dense)}
	mean := gmm.Mean(v.weights, v.means)
	at.partners.Apply(func(i, _ int, x float64) float64 { return v.delta*x + (1-v.delta)*mean.AtVec(i) }, v.means)
	lengths := columnNorms(v.means)
	var usual float64
	for k, w := range v.weights {
		usual += w * lengths[k]
	}
	for _, length := range lengths { // δ itself is rounded
		at.partnersOff = append(at.partnersOff, (v.meanError+8*unitRoundoff)*(length+usual))
	}
	at.measure(v.formError)
	return at, nil
}

// seePairedSpectral views two modalities.
func seePairedSpectral(p gmm.Pairs, form gmm.Form) (*spectralPoint, error) {
	var views [2]*view
	for i, side := range []struct {
		mixture *gmm.Mixture
		frame   gmm.Frame
	}{{p.Left, form.Left}, {p.Right, form.Right}} {
		pairs, err := gmm.NewPairs(side.mixture, gmm.Rationals(1)[0])
		if err != nil {
			return nil, err
		}
		if views[i], err = see(pairs, side.frame); err != nil {
			return nil, err
		}
	}
	at := &spectralPoint{visual: views[0], text: views[1], partners: views[1].means, partnersOff: views[1].meansOff()}
	at.m = crossMatrix(views[0], form.N, views[1])
	at.measure(views[0].formError + views[1].formError)
	return at, nil
}

// crossMatrix returns the matrix of coefficients n in the coordinates of two views.
func crossMatrix(visual *view, n *mat.Dense, text *view) *mat.Dense {
	var left, right, half mat.Dense
	left.Mul(visual.root, visual.rotation)
	right.Mul(text.root, text.rotation)
	half.Mul(n, &right)
	out := new(mat.Dense)
	out.Mul(left.T(), &half)
	return out
}

// measure bounds the distance of M to M*, given the relative error of M's entries
// in the view, in Frobenius norm.
//
// With D^{−½}SD^{−½} = I + E on each side, ‖N − N*‖ ≤ ‖D_V^{−½}(½∇L)D_T^{−½}‖ /
// ((1 − ‖E_V‖)(1 − ‖E_T‖)). D only scales: any positive diagonal would do.
func (at *spectralPoint) measure(formError float64) {
	v, t := at.visual, at.text
	at.weighted = scaledBetween(v.w, at.m, t.w, 0.5)
	size := mat.Norm(at.weighted, 2)
	half := at.halfGradient()
	off := mat.Norm(scaledBetween(v.w, half, t.w, -0.5), 2)
	defectV, movedV := v.secondDefect()
	defectT, movedT := t.secondDefect()
	rounding := at.rounding()
	// ½∇L = S_V M S_T − X for means that are off: first-order terms, doubled.
	input := movedV*size*(1+defectT) + movedT*size*(1+defectV)
	a, b := v.lightNorms(v.means), t.lightNorms(at.partners)
	offV := v.meansOff()
	for k, w := range v.weights {
		input += 2 * w * (offV[k]/v.least()*b[k] + a[k]*at.partnersOff[k]/t.least())
	}
	at.epsilon, at.weightedEpsilon = math.Inf(1), math.Inf(1)
	const trusted = 0.5
	defectV, defectT = defectV+movedV, defectT+movedT
	if !(defectV < trusted && defectT < trusted) {
		return
	}
	distance := (off + rounding + input) / ((1 - defectV) * (1 - defectT))
	form := formError * mat.Norm(at.m, 2)
	at.weightedEpsilon = distance + form*math.Sqrt(slices.Max(v.w)*slices.Max(t.w))
	at.epsilon = distance/(v.least()*t.least()) + form
}

// halfGradient returns S_V M S_T − Σ w_k μ_k ν_kᵀ.
func (at *spectralPoint) halfGradient() *mat.Dense {
	var left, out mat.Dense
	left.Mul(at.visual.secondMoment(), at.m)
	out.Mul(&left, at.text.secondMoment())
	for k, w := range at.visual.weights {
		out.RankOne(&out, -w, at.visual.means.ColView(k), at.partners.ColView(k))
	}
	return &out
}

// rounding bounds that of halfGradient, and what rounded weights change in it,
// scaled like the gradient: γ_n (|S_V||M||S_T| + Σ w_k|μ_k||ν_k|ᵀ) with n the
// operations that one entry sees (Higham, Accuracy and Stability of Numerical
// Algorithms, 2nd ed., section 3.5), doubled.
func (at *spectralPoint) rounding() float64 {
	rows, columns := at.m.Dims()
	k := len(at.visual.weights)
	// Σ w|μ||μ|ᵀ, not |Σ wμμᵀ|: sums that cancel keep the rounding of their terms.
	magnitude := func(v *view) *mat.Dense {
		sizes := &view{weights: v.weights, means: absolute(v.means)}
		return sizes.secondMoment()
	}
	var left, sizes mat.Dense
	left.Mul(magnitude(at.visual), absolute(at.m))
	sizes.Mul(&left, magnitude(at.text))
	means, partners := absolute(at.visual.means), absolute(at.partners)
	for j, w := range at.visual.weights {
		sizes.RankOne(&sizes, w, means.ColView(j), partners.ColView(j))
	}
	operations := float64(2*(rows+columns+2*k) + 16)
	return 2 * operations * unitRoundoff * mat.Norm(scaledBetween(at.visual.w, &sizes, at.text.w, -0.5), 2)
}

// secondMoment returns S = I + Σ w_k μ_kμ_kᵀ.
func (v *view) secondMoment() *mat.Dense {
	m, _ := v.means.Dims()
	s := mat.NewDense(m, m, nil)
	for i := range m {
		s.Set(i, i, 1)
	}
	for k, w := range v.weights {
		s.RankOne(s, w, v.means.ColView(k), v.means.ColView(k))
	}
	return s
}

// secondDefect returns ‖D^{−½}SD^{−½} − I‖_F with the rounding of S, and a bound,
// doubled, of what the errors of the means change in D^{−½}SD^{−½}.
func (v *view) secondDefect() (defect, moved float64) {
	m, k := v.means.Dims()
	s := scaledBetween(v.w, v.secondMoment(), v.w, -0.5)
	for i := range m {
		s.Set(i, i, s.At(i, i)-1)
	}
	lengths, off := v.lightNorms(v.means), v.meansOff()
	sizes := 1.0
	for j, w := range v.weights {
		sizes += w * lengths[j] * lengths[j]
		moved += 2 * 2 * w * lengths[j] * off[j] / v.least()
	}
	return mat.Norm(s, 2) + float64(2*(m+k)+16)*unitRoundoff*sizes, moved
}

// lightNorms returns |D^{−½}x| of each column x.
func (v *view) lightNorms(columns *mat.Dense) []float64 {
	light := new(mat.Dense)
	light.Apply(func(i, _ int, x float64) float64 { return x / math.Sqrt(v.w[i]) }, columns)
	return columnNorms(light)
}

// meansOff bounds the error of each mean.
func (v *view) meansOff() []float64 {
	off := columnNorms(v.means)
	for k := range off {
		off[k] *= v.meanError
	}
	return off
}

func columnNorms(a *mat.Dense) []float64 {
	_, columns := a.Dims()
	out := make([]float64, columns)
	for j := range out {
		out[j] = mat.Norm(a.ColView(j), 2)
	}
	return out
}

// scaledBetween returns the entries a_ij (l_i r_j)^power.
func scaledBetween(l []float64, a *mat.Dense, r []float64, power float64) *mat.Dense {
	out := new(mat.Dense)
	out.Apply(func(i, j int, x float64) float64 { return x * math.Pow(l[i]*r[j], power) }, a)
	return out
}

// rankAtLeast tells whether M* has at least the given rank for certain: by Weyl,
// as N* has if the singular value of N at that place exceeds ‖N − N*‖. It also
// returns that singular value and what it was compared with.
func (at *spectralPoint) rankAtLeast(rank int) (certain bool, value, epsilon float64) {
	values := singularValues(at.weighted)
	rows, columns := at.m.Dims()
	epsilon = at.weightedEpsilon + float64(16*(rows+columns))*unitRoundoff*values[0]
	if rank > len(values) {
		return false, 0, epsilon
	}
	return values[rank-1] > epsilon, values[rank-1], epsilon
}

// containment compares what M has outside a space with ‖M‖_F, as in Findings.
func (at *spectralPoint) containment(outside float64, s space) (verdict Verdict, defect float64) {
	rows, columns := at.m.Dims()
	size := mat.Norm(at.m, 2)
	b := at.epsilon + (2*s.angle+float64(16*(rows+columns))*unitRoundoff)*size
	defect = (outside + b) / size
	switch {
	case defect <= contained:
		return Holds, defect
	case outside > b:
		return Refuted, defect
	}
	return Undecided, defect
}

// exactRule says that a rank was computed in rationals.
func exactRule(what string, rank int) string {
	return fmt.Sprintf("exact: %s has rank %d in rational numbers", what, rank)
}
