package network

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// Two neurons that are nearly parallel fire together as often as an integral over one coordinate says: t₁ = x₁ + b₁, t₂ = x₁ + εx₂ + b₂.
func TestNearlyParallelNeurons(t *testing.T) {
	for _, epsilon := range []float64{1, .1, .01} {
		for _, b := range [][]float64{{0, 0}, {2, 1.75}, {.5, -.25}} {
			covariance := mat.NewSymDense(2, []float64{1, 1, 1, 1 + epsilon*epsilon})
			for _, r := range []rule{coarse, fine} {
				got := 0.0
				for _, n := range r.nodes([][]float64{b}, covariance, true) {
					if n.t[0] > 0 && n.t[1] > 0 {
						got += n.given[0]
					}
				}
				low, want := -b[0], 0.0
				for i := range 2000 { // panels narrower than ε
					at := low + float64(i)/200
					want += quad.Fixed(func(x float64) float64 { return density(x) * distribution((x+b[1])/epsilon) }, at, at+1./200, 6, quad.Legendre{}, 0)
				}
				if tolerance := map[rule]float64{coarse: 1e-4, fine: 1e-6}[r]; math.Abs(got-want) > tolerance {
					t.Errorf("ε = %v, b = %v, order %d: both fire with probability %v, want %v", epsilon, b, r.order, got, want)
				}
			}
		}
	}
}

// On a plane and a line, moments and the mean of e^{ct} are exact to the reach of the rule.
func TestMoments(t *testing.T) {
	const tolerance = 1e-7
	means := [][]float64{{1, -.5}, {0, 1}}
	for name, covariance := range map[string]*mat.SymDense{
		"plane":    mat.NewSymDense(2, []float64{.25, .75, .75, 4}),
		"kinked":   mat.NewSymDense(2, []float64{4, 1, 1, .5}),
		"diagonal": mat.NewSymDense(2, []float64{1, 0, 0, 1}),
	} {
		for k, mean := range means {
			var second, exponential float64
			for _, n := range fine.nodes(means, covariance, name == "kinked") {
				second += n.given[k] * n.t[0] * n.t[1]
				exponential += n.given[k] * math.Exp(n.t[0]/2-n.t[1]/4)
			}
			variance := covariance.At(0, 0)/4 + covariance.At(1, 1)/16 - covariance.At(0, 1)/4
			if want := mean[0]*mean[1] + covariance.At(0, 1); math.Abs(second-want) > tolerance {
				t.Errorf("%s: E t₁t₂ = %v, want %v", name, second, want)
			}
			if want := math.Exp(mean[0]/2 - mean[1]/4 + variance/2); math.Abs(exponential-want) > tolerance {
				t.Errorf("%s: E e^(t₁/2 − t₂/4) = %v, want %v", name, exponential, want)
			}
		}
	}
}
