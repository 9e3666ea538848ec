package cosine

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Loss is a loss of the cosines of embeddings over a temperature: InfoNCE, Negatives or Sigmoid.
type Loss struct {
	temperature float64
	functional  func(τ float64, on *field) functional
	narrowest   bool // its kernel is e^{c/τ}
}

// degrees is above which harmonics of its kernels are less than e^{−digits} of them: on a strip |Im θ| ≤ b, e^{c/τ} is at most e^{cosh b/τ}, and others are bounded where that has no argument beyond ±π/2.
func (l Loss) degrees(digits float64) int {
	strip := math.Asinh(math.Pi * l.temperature / 2)
	if !l.narrowest {
		return 1 + int(math.Ceil(digits/strip))
	}
	n := 1.0
	for ; ; n++ { // the best b has sinh b = nτ
		b := math.Asinh(n * l.temperature)
		if n*b-(math.Cosh(b)-1)/l.temperature >= digits {
			return 1 + int(n)
		}
	}
}

// Temperature is τ.
func (l Loss) Temperature() float64 { return l.temperature }

// functional is a loss of densities on a sphere.
type functional interface {
	// of returns the loss of the densities p_k on the points, the best bias if there is one, else NaN, and, where slope is true, for each k its derivative in p_k(e_i) divided by the
	// weight of the point.
	of(p law, densities [][]float64, slope bool) (value, bias float64, h [][]float64)
}

// law are the weights of components, and the probability δ that a pair shares its component.
type law struct {
	weights []float64
	delta   float64
}

// mix is Σ w_k f_k.
func (p law) mix(f [][]float64) []float64 {
	out := make([]float64, len(f[0]))
	for k, w := range p.weights {
		floats.AddScaled(out, w, f[k])
	}
	return out
}

// field is a rule, and convolutions on it with functions of an angle.
type field struct {
	rule
	at           [][]float64
	weights      []float64
	degree       []int
	times        []float64
	coefficients []complex128
}

func newField(r int, l layout) *field {
	f := &field{rule: newRule(r, l)}
	f.at, f.weights = f.points()
	f.degree, f.times = f.harmonics()
	f.coefficients = make([]complex128, len(f.degree))
	return f
}

// tabulated is the kernel of a function of the cosine.
func (f *field) tabulated(of func(c float64) float64) []float64 {
	values := make([]float64, len(f.angles()))
	for i, c := range f.angles() {
		values[i] = of(c)
	}
	return f.kernel(values)
}

// convolved is ∫κ(⟨e, e′⟩)p(e′)de′.
func (f *field) convolved(kernel, p []float64) []float64 {
	f.analyse(f.coefficients, p)
	out := make([]float64, len(p))
	for i, l := range f.degree {
		f.coefficients[i] *= complex(kernel[l], 0)
	}
	f.synthesise(out, f.coefficients)
	return out
}

// integral is ∫f(e)g(e)de.
func (f *field) integral(a, b []float64) (sum float64) {
	for i, w := range f.weights {
		sum += w * a[i] * b[i]
	}
	return sum
}

// mean is ∫e p(e)de.
func (f *field) mean(p []float64) []float64 {
	out := make([]float64, len(f.at[0]))
	for i, e := range f.at {
		floats.AddScaled(out, f.weights[i]*p[i], e)
	}
	return out
}

// InfoNCE is the loss with infinitely many negatives,
//
//	L(A) = −E f·f̂/τ + E_x log E_y e^{f(x)·f(y)/τ}.
func InfoNCE(τ float64) Loss {
	return Loss{temperature: τ, narrowest: true, functional: func(τ float64, on *field) functional {
		return &infoNCE{field: on, τ: τ, kernel: on.tabulated(func(c float64) float64 { return math.Exp((c - 1) / τ) })}
	}}
}

type infoNCE struct {
	*field
	τ      float64
	kernel []float64 // of e^{(c−1)/τ}, which does not overflow
}

// attraction is −E f·f̂/τ with its derivatives: with F_k = E[f|k] it is −τ⁻¹(δΣw_k‖F_k‖² + (1−δ)‖ΣwF‖²).
func (f *field) attraction(τ float64, p law, densities [][]float64, h [][]float64) (value float64) {
	r := len(f.at[0])
	means, whole := make([][]float64, len(densities)), make([]float64, r)
	for k, w := range p.weights {
		means[k] = f.mean(densities[k])
		floats.AddScaled(whole, w, means[k])
	}
	value = -(1 - p.delta) * floats.Dot(whole, whole) / τ
	pull := make([]float64, r)
	for k, w := range p.weights {
		value -= p.delta * w * floats.Dot(means[k], means[k]) / τ
		if h == nil {
			continue
		}
		floats.ScaleTo(pull, -2*p.delta*w/τ, means[k])
		floats.AddScaled(pull, -2*(1-p.delta)*w/τ, whole)
		for i, e := range f.at {
			h[k][i] += floats.Dot(pull, e)
		}
	}
	return value
}

// slopes are empty ones.
func slopes(densities [][]float64, slope bool) [][]float64 {
	if !slope {
		return nil
	}
	h := make([][]float64, len(densities))
	for k := range h {
		h[k] = make([]float64, len(densities[k]))
	}
	return h
}

func (l *infoNCE) of(p law, densities [][]float64, slope bool) (value, bias float64, h [][]float64) {
	h = slopes(densities, slope)
	value = l.attraction(l.τ, p, densities, h) + 1/l.τ
	all := p.mix(densities)
	z := l.convolved(l.kernel, all)
	logs, tilted := make([]float64, len(z)), make([]float64, len(z))
	for i := range z {
		z[i] = max(z[i], l.weights[i]*all[i], math.SmallestNonzeroFloat64) // what the point sees of itself alone: where rounding hides the rest
		logs[i], tilted[i] = math.Log(z[i]), all[i]/z[i]
	}
	value += l.integral(all, logs)
	if slope {
		back := l.convolved(l.kernel, tilted)
		floats.Add(back, logs)
		for k, w := range p.weights {
			floats.AddScaled(h[k], w, back)
		}
	}
	return value, math.NaN(), h
}
