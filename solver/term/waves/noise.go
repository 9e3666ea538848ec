package waves

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// Noise is what points x and v have beside their means, coordinate by coordinate, where M is diagonal and a coordinate's share of t is s x v.
type Noise interface {
	// Tilt is what weighing by e^{θ s x v} does to a coordinate, s being M's entry.
	Tilt(theta complex128, s float64) Tilt
	// Share is the law of s x v.
	Share(s, x, v float64) Share
	// Reach is the largest Re θ up to which E e^{θ s x v} is finite.
	Reach(s float64) float64
	// Variances are those of a coordinate of x and of v.
	Variances() (x, v float64)
	// Seen returns the shares of t = xᵀv and what is constant in it, for means x and v of r dimensions and the covariances x and v beside
	// those of the noise, r×r; it is a function of the means.
	Seen(ofX, ofV *mat.Dense) func(x, v []float64) (shares []Share, constant float64)
}

// Tilt is what weighing by e^{θ s x v} does to a coordinate of points whose means are x and v: log E e^{θ s x v} is Exponent + QXX x² + QXV xv + QVV v², the means become
// MeanXX x + MeanXV v and MeanVX x + MeanVV v, the covariances XX, VV and XV.
type Tilt struct {
	Exponent, QXX, QXV, QVV        complex128
	MeanXX, MeanXV, MeanVX, MeanVV complex128
	XX, VV, XV                     complex128
}

// At is the logarithm of E e^{θ s x v} and the means that become of x and v.
func (t *Tilt) At(x, v float64) (exponent, ofX, ofV complex128) {
	a, b := complex(x, 0), complex(v, 0)
	return t.Exponent + t.QXX*a*a + (t.QXV*a+t.QVV*b)*b, t.MeanXX*a + t.MeanXV*b, t.MeanVX*a + t.MeanVV*b
}

// Independent are x and v with these variances: with A = 1 − στθ²s²,
//
//	E e^{θsxv}   = A^{−½} exp(½(θ²s²(τx² + σv²) + 2θs xv)/A)
//	means        (x + σθs v)/A and (v + τθs x)/A
//	covariances  σ/A of x, τ/A of v, στθs/A of both.
type Independent struct{ X, V float64 }

// Variances are σ and τ.
func (n Independent) Variances() (x, v float64) { return n.X, n.V }

// Tilt states the law of a coordinate.
func (n Independent) Tilt(theta complex128, s float64) Tilt {
	slope, sigma, tau := theta*complex(s, 0), complex(n.X, 0), complex(n.V, 0)
	a := 1 - sigma*tau*slope*slope
	inverse := 1 / a
	half := slope * slope * inverse / 2
	return Tilt{
		Exponent: -cmplx.Log(a) / 2, QXX: tau * half, QXV: slope * inverse, QVV: sigma * half,
		MeanXX: inverse, MeanXV: sigma * slope * inverse, MeanVX: tau * slope * inverse, MeanVV: inverse,
		XX: sigma * inverse, VV: tau * inverse, XV: sigma * tau * slope * inverse,
	}
}

// Share of normal ξ and η: s (x + √σξ)(v + √τη).
func (n Independent) Share(s, x, v float64) Share {
	return product{mean: s * x * v, a: s * v * math.Sqrt(n.X), b: s * x * math.Sqrt(n.V), s: s * math.Sqrt(n.X*n.V)}
}

// Reach is 1/(√(στ)|s|).
func (n Independent) Reach(s float64) float64 { return 1 / (math.Sqrt(n.X*n.V) * math.Abs(s)) }

// Halved is x = −½v with v of this variance: t = −½s v². With A = 1 + τθs,
//
//	E e^{θt} = A^{−½} exp(−½θs v²/A),   mean v/A and variance τ/A of v.
type Halved struct{ V float64 }

// Variances are ¼τ and τ.
func (n Halved) Variances() (x, v float64) { return n.V / 4, n.V }

// Tilt states the law of a coordinate.
func (n Halved) Tilt(theta complex128, s float64) Tilt {
	slope, tau := theta*complex(s, 0), complex(n.V, 0)
	a := 1 + tau*slope
	inverse := 1 / a
	return Tilt{
		Exponent: -cmplx.Log(a) / 2, QVV: -slope * inverse / 2,
		MeanXV: -inverse / 2, MeanVV: inverse,
		XX: tau * inverse / 4, VV: tau * inverse, XV: -tau * inverse / 2,
	}
}

// Share of a normal ξ: −½s(v + √τξ)².
func (n Halved) Share(s, _, v float64) Share { return square{variance: s * n.V, of: s * v * v} }

// Reach is 1/(τ|s|) of a negative s.
func (n Halved) Reach(s float64) float64 {
	if s >= 0 {
		return math.Inf(1)
	}
	return -1 / (n.V * s)
}
