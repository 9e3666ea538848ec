package planar

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"contrastcheck/internal/enough"
)

// The bounds of the strips hold at random points of them, and are come near to.
func TestStrips(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	var nearest [2][3]float64
	for range enough.Cases(40000) {
		n := Noisy{Shape{0, math.Exp(-3 * rng.Float64())}, math.Exp(2 - 5*rng.Float64())}
		y := math.Exp(-4 * rng.Float64())
		of, side := n.upwards, rng.IntN(2)
		γ, τ := complex(math.Pi/4*float64(rng.IntN(9)), 0), complex(float64(rng.IntN(3))*rng.NormFloat64(), 0)
		if side == 1 {
			of = n.aside
			γ += complex(0, y*(1-float64(rng.IntN(2))*rng.Float64()))
		} else {
			τ += complex(0, y*(1-float64(rng.IntN(2))*rng.Float64()))
		}
		s, ok := of(y)
		if !ok {
			continue
		}
		ρ, ε := complex(n.Ratio, 0), complex(n.Noise, 0)
		from := [3]complex128{cmplx.Cos(γ), cmplx.Sin(γ) / cmplx.Sqrt(ρ), cmplx.Sinh(τ) / cmplx.Sqrt(ε)}
		to := [3]complex128{cmplx.Cos(γ), cmplx.Sin(γ) * cmplx.Sqrt(ρ), cmplx.Sinh(τ) * cmplx.Sqrt(ε)}
		square := func(x [3]complex128) complex128 { return x[0]*x[0] + x[1]*x[1] + x[2]*x[2] }
		size := func(x complex128) float64 { return real(x)*real(x) + imag(x)*imag(x) }
		bend := 0.0
		for _, x := range to {
			bend += math.Pow(imag(x/cmplx.Sqrt(square(to))), 2)
		}
		// m·v for the unit vector m by which it is largest: the first singular value of the real and imaginary parts, at most their norm; along each axis here.
		reach := math.Max(size(from[0]), size(from[1])) / cmplx.Abs(square(from))
		sin, cos := math.Sincos(real(γ))
		sinh := math.Sinh(real(τ))
		grown := math.Pow((cos*cos+sin*sin/n.Ratio+sinh*sinh/n.Noise)/cmplx.Abs(square(from)), 1.5)
		for i, x := range [3][2]float64{{bend, s.bend}, {reach, s.reach}, {grown, s.size}} {
			if x[0] > x[1]*(1+1e-9)+1e-12 {
				t.Fatalf("%+v, y = %v, γ = %v, t = %v: bound %d is %v, found %v", n, y, γ, τ, i, x[1], x[0])
			}
			nearest[side][i] = math.Max(nearest[side][i], x[0]/x[1])
		}
	}
	for side, of := range nearest {
		for i, near := range of {
			if near < 0.9 {
				t.Errorf("strip %d: bound %d is met by a part of %v", side, i, near)
			}
		}
	}
}

// So do those of the strip of shapes: angles and their derivative.
func TestAnglesOnStrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	nearest := [3]float64{}
	for range enough.Cases(20000) {
		q, of := math.Exp(-2*rng.Float64()), rng.Float64()
		y := math.Atanh(q * math.Tanh(of))
		γ := complex(math.Pi/4*float64(rng.IntN(9))+0.01, y)
		tan := cmplx.Tan(γ)
		slope := complex(q, 0) / (complex(q*q, 0)*cmplx.Cos(γ)*cmplx.Cos(γ) + cmplx.Sin(γ)*cmplx.Sin(γ))
		for i, x := range [3][2]float64{{math.Abs(imag(cmplx.Atan(tan / complex(q, 0)))), of}, {math.Abs(imag(cmplx.Atan(tan * complex(q, 0)))), of}, {cmplx.Abs(slope), math.Cosh(of) * math.Cosh(of) / q}} {
			if x[0] > x[1]*(1+1e-9) {
				t.Fatalf("√ρ = %v, γ = %v: bound %d is %v, found %v", q, γ, i, x[1], x[0])
			}
			nearest[i] = math.Max(nearest[i], x[0]/x[1])
		}
	}
	for i, near := range nearest {
		if near < 0.9 {
			t.Errorf("bound %d is met by a part of %v", i, near)
		}
	}
}

// The cosine of two embeddings moves by its derivatives at 0 and bent, whatever the angles.
func TestCosinesMove(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	nearest := 0.0
	move := func(θ, axis, t float64) float64 { // tan(θ − axis) falls by e^t
		sin, cos := math.Sincos(θ - axis)
		return axis + math.Atan2(sin*math.Exp(-t/2), cos*math.Exp(t/2))
	}
	for range enough.Cases(40000) {
		x, y, axis, far := 6*rng.Float64(), 6*rng.Float64(), 3*rng.Float64(), math.Exp(-5*rng.Float64())
		sin, cos := math.Sincos(x - y)
		start := cos + far*sin*sin*math.Cos(x+y-2*axis)
		off := math.Abs(math.Cos(move(x, axis, far)-move(y, axis, far)) - start)
		bound := far * far / 2 * bent(far, sin*sin)
		if off > bound*(1+1e-9)+1e-14 {
			t.Fatalf("angles %v and %v, axis %v, distance %v: off by %v, above %v", x, y, axis, far, off, bound)
		}
		if far > 0.01 {
			nearest = math.Max(nearest, off/bound)
		}
	}
	if nearest < 0.9 {
		t.Errorf("the bound is met by a part of %v", nearest)
	}
}

// Far boxes reach as far as their corners, in the hyperbolic plane.
func TestReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	for range enough.Cases(400) {
		x := box{near: 2 * rng.Float64(), from: rng.Float64()}
		x.far, x.to = x.near+rng.Float64(), x.from+rng.Float64()
		middle, turn := (x.near+x.far)/2, (x.to-x.from)/2
		far := 0.0
		for i := range 21 {
			for j := range 21 {
				at, off := x.near+(x.far-x.near)*float64(i)/20, turn*(float64(j)/10-1)
				far = math.Max(far, math.Acosh(math.Max(1, math.Cosh(at)*math.Cosh(middle)-math.Sinh(at)*math.Sinh(middle)*math.Cos(off))))
			}
		}
		if reach := x.reach(); far > reach+1e-9 || far < reach-1e-9 {
			t.Fatalf("%+v reaches %v, its points %v", x, reach, far)
		}
	}
}
