package ramp

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/integrate/quad"
)

// points are those of a panel; they resolve a phase of so many radians, and half as many standard deviations of a bell, to a few roundings.
const points = 16

// legendre is the rule of a panel on [0, 1].
var legendre = func() (rule struct{ at, weights [points]float64 }) {
	quad.Legendre{}.FixedLocations(rule.at[:], rule.weights[:], 0, 1)
	return rule
}()

// mostPanels is far beyond what solves need.
const mostPanels = 1 << 11

// New prepares the mean over a label of scores Σ c_i a_i b_i and of a margin α > 0, by panels so many times shorter than what resolves the
// integrand; nil where that would be too many.
//
// On the ray E e^{iωu} is at most e^{−αr sin φ} exp(¼N (1 − cos φ)/cos φ), N the sum of n̄² where c > 0 and of p̄² where c < 0: |e^{iωcp²/2}| ≤ 1 for
// c > 0, and 1/(1 + iωc) runs on a circle through 0 and 1 with the real part at most (1 + cos φ)/(2 cos φ). The angle keeps that growth small, and the
// ray ends where the decay is below rounding.
func New(label Label, slopes []float64, margin float64, finer float64) *Average {
	v := &Average{label: label, slopes: slopes, margin: margin}
	var against, steepest float64
	for i, c := range slopes {
		p, n := (label.A[i]+label.B[i])/math.Sqrt2, (label.A[i]-label.B[i])/math.Sqrt2
		v.p, v.n = append(v.p, p), append(v.n, n)
		steepest = max(steepest, math.Abs(c))
		if c < 0 {
			n = p
		}
		against += n * n
	}
	const growth, widest, below = 2, math.Pi / 4, 40 // in exponents
	v.phi = min(widest, math.Acos(against/(against+4*growth)))
	end := (below + growth) / (margin * math.Sin(v.phi))
	v.edges = []float64{0}
	for r := 0.0; r < end; {
		// the nearest poles are at a distance of 1/|c| from 0, and of r from elsewhere
		length := min(max(r, 1/steepest), points/v.pace(cmplx.Rect(r, v.phi))) / finer
		if !(length > 0) || len(v.edges) > mostPanels {
			return nil
		}
		r = min(r+length, end)
		v.edges = append(v.edges, r)
	}
	return v
}

// pace is how fast the exponent of E e^{iωu} moves: the size of its derivative, and twice the root of the second.
func (v *Average) pace(omega complex128) float64 {
	mean, variance := complex(v.margin, 0), 0.0
	for k, c := range v.slopes {
		zeta := omega * complex(0, c)
		forP, forN := 1/(1-zeta), 1/(1+zeta)
		p, n := complex(v.p[k]*v.p[k], 0), complex(v.n[k]*v.n[k], 0)
		mean += complex(c/2, 0) * (p*forP*forP - n*forN*forN)
		variance += c * c * cmplx.Abs(p*forP*forP*forP+n*forN*forN*forN)
	}
	return cmplx.Abs(mean) + 2*math.Sqrt(variance)
}
