package waves

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// Noise is what points x and v have beside their means, coordinate by coordinate, where M is diagonal and a coordinate's share of t is s x v.
type Noise interface {
	// Weighed is the law of a coordinate of x and v weighed by e^{θ s x v}, s, x and v being M's entry and the means.
	Weighed(theta complex128, s, x, v float64) Coordinate
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

// Coordinate is a law weighed by e^{θt}: the logarithm of E e^{θt}, the means and the covariances.
type Coordinate struct{ Exponent, X, V, XX, VV, XV complex128 }

// Independent are x and v with these variances: with A = 1 − στθ²s²,
//
//	E e^{θsxv}   = A^{−½} exp(½(θ²s²(τx² + σv²) + 2θs xv)/A)
//	means        (x + σθs v)/A and (v + τθs x)/A
//	covariances  σ/A of x, τ/A of v, στθs/A of both.
type Independent struct{ X, V float64 }

// Variances are σ and τ.
func (n Independent) Variances() (x, v float64) { return n.X, n.V }

// Weighed states the law of a coordinate.
func (n Independent) Weighed(theta complex128, s, x, v float64) Coordinate {
	slope := theta * complex(s, 0)
	square := slope * slope
	a := 1 - complex(n.X*n.V, 0)*square
	inverse := 1 / a
	return Coordinate{
		Exponent: -cmplx.Log(a)/2 + (square*complex((n.V*x*x+n.X*v*v)/2, 0)+slope*complex(x*v, 0))*inverse,
		X:        (complex(x, 0) + slope*complex(n.X*v, 0)) * inverse,
		V:        (complex(v, 0) + slope*complex(n.V*x, 0)) * inverse,
		XX:       complex(n.X, 0) * inverse,
		VV:       complex(n.V, 0) * inverse,
		XV:       complex(n.X*n.V, 0) * slope * inverse,
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

// Weighed states the law of a coordinate.
func (n Halved) Weighed(theta complex128, s, _, v float64) Coordinate {
	slope := theta * complex(s, 0)
	a := 1 + complex(n.V, 0)*slope
	mean, variance := complex(v, 0)/a, complex(n.V, 0)/a
	return Coordinate{
		Exponent: -cmplx.Log(a)/2 - slope*complex(v, 0)*mean/2,
		X:        -mean / 2, V: mean,
		XX: variance / 4, VV: variance, XV: -variance / 2,
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
