package oracle

import (
	"math"

	"contrastcheck/oracle/internal/dense"
)

// logisticMean is E σ(m(μ + sa)(ζ + τb))(α₀ + α₁a)(β₀ + β₁b) of independent normal a and b, σ the logistic function.
type logisticMean struct {
	m, mean, deviation, gap, spread float64 // m, μ, s, ζ, τ
	alpha, beta                     [2]float64
}

const (
	gridStep  = 1.0 / 12
	gridReach = 9.0 // φ(9) = 1.03e-18
	gridOrder = 6   // p, of the derivatives that bound the error
)

// evaluate sums over a grid of step h, up to a reach R, and bounds the error. A sum with step h of an integrable f is off by at most 2ζ(p)(h/2π)^p ‖f^{(p)}‖₁, by Poisson's
// summation. With A = (α₀ + α₁a)φ, B likewise and F = σAB, in b for each node a and then in a,
//
//	∫|∂_b^pF|db ≤ |A(a)| Σ_j C(p,j) κ_j (mτ|μ+sa|)^j ‖B^{(p−j)}‖₁,   ∬|∂_a^pF| ≤ Σ_j C(p,j) κ_j (ms)^j ‖A^{(p−j)}‖₁ ∫|ζ+τb|^j|B|db,
//
// in which |σ^{(j)}| ≤ κ_j = j!(2/π)^j, by Cauchy's formula on circles of radius π/2, where |σ| ≤ 1, and the last integral is at most √(E(ζ+τb)^{2j} E(β₀+β₁b)²). By
// Hermite's polynomials ‖φ^{(i)}‖₁ ≤ √i! and ‖aφ^{(i)}‖₁ ≤ √(i!(2i+1)). Beyond R no more than 2φ(R)(|α₀|/R + |α₁|) of |A| is left out.
func (f logisticMean) evaluate() (value, err float64) {
	const h = gridStep
	n := int(gridReach / h)
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	var inner [gridOrder + 1]float64 // Σ h|A||μ+sa|^j
	var rounding float64
	for i := -n; i <= n; i++ {
		a := float64(i) * h
		t, left := f.mean+f.deviation*a, h*density(a)*(f.alpha[0]+f.alpha[1]*a)
		power := math.Abs(left)
		for j := range inner {
			inner[j] += power
			power *= math.Abs(t)
		}
		for l := -n; l <= n; l++ {
			b := float64(l) * h
			logit := f.m * t * (f.gap + f.spread*b)
			term := left * h * density(b) * (f.beta[0] + f.beta[1]*b)
			value += term / (1 + math.Exp(-logit))
			rounding += math.Abs(term) * (1 + math.Abs(logit))
		}
	}
	var down, across float64
	square := math.Sqrt(f.beta[0]*f.beta[0] + f.beta[1]*f.beta[1])
	for j := range gridOrder + 1 {
		choose := binomial(gridOrder, j) * factorial(j) * math.Pow(2/math.Pi, float64(j))
		down += choose * math.Pow(f.m*f.spread, float64(j)) * inner[j] * derivative(f.beta, gridOrder-j)
		across += choose * math.Pow(f.m*f.deviation, float64(j)) * derivative(f.alpha, gridOrder-j) * square * math.Sqrt(evenMoment(f.gap, f.spread, j))
	}
	const zeta = 1.02 // of 6
	err = 2 * zeta * math.Pow(h/(2*math.Pi), gridOrder) * (down + across)
	tail := func(x [2]float64) float64 {
		return 2 * density(gridReach-h) * (math.Abs(x[0])/(gridReach-h) + math.Abs(x[1]))
	}
	whole := func(x [2]float64) float64 { return 2 * (math.Abs(x[0]) + math.Abs(x[1])) } // more than its sum
	err += tail(f.alpha)*whole(f.beta) + tail(f.beta)*whole(f.alpha)
	return value, err + float64(4*n+64)*dense.Roundoff*rounding
}

// derivative bounds ‖((x₀ + x₁a)φ)^{(i)}‖₁.
func derivative(x [2]float64, i int) float64 {
	out := math.Abs(x[0])*math.Sqrt(factorial(i)) + math.Abs(x[1])*math.Sqrt(factorial(i)*float64(2*i+1))
	if i > 0 {
		out += float64(i) * math.Abs(x[1]) * math.Sqrt(factorial(i-1))
	}
	return out
}

// evenMoment is E(ζ + τb)^{2j}.
func evenMoment(gap, spread float64, j int) (sum float64) {
	for i := range j + 1 {
		double := 1.0
		for l := 1; l < 2*i; l += 2 {
			double *= float64(l)
		}
		sum += binomial(2*j, 2*i) * math.Pow(gap, float64(2*(j-i))) * math.Pow(spread, float64(2*i)) * double
	}
	return sum
}

func factorial(n int) float64 {
	out := 1.0
	for i := 2; i <= n; i++ {
		out *= float64(i)
	}
	return out
}

func binomial(n, k int) float64 { return factorial(n) / factorial(k) / factorial(n-k) }

// slope is ∂L/∂m, E σ(m t(u − t̂)) t(u − t̂).
func (l line) slope(m, delta float64) (value, err float64) {
	add := func(weight float64, of, hat, u normalGroup) {
		gap, spread := u.mean-hat.mean, math.Hypot(u.deviation, hat.deviation)
		v, e := logisticMean{m, of.mean, of.deviation, gap, spread, [2]float64{of.mean, of.deviation}, [2]float64{gap, spread}}.evaluate()
		value += weight * v
		err += weight * e
	}
	for _, of := range l.groups {
		for _, u := range l.groups {
			add(delta*of.weight*u.weight, of, of, u)
			if delta == 1 {
				continue
			}
			for _, hat := range l.groups {
				add((1-delta)*of.weight*u.weight*hat.weight, of, hat, u)
			}
		}
	}
	return value, err
}

// inside encloses the m > 0 at which the slope vanishes; it is negative at 0, and increases.
func (l line) inside(delta float64) (low, high float64, ok bool) {
	const most = 1e3
	for high = 1; ; high *= 2 {
		if v, err := l.slope(high, delta); v > err {
			break
		}
		if high > most {
			return 0, 0, false
		}
	}
	for high-low > 1e-9*high {
		m := (low + high) / 2
		switch v, err := l.slope(m, delta); {
		case v > err:
			high = m
		case v < -err:
			low = m
		default:
			return low, high, low > 0
		}
	}
	return low, high, low > 0
}

// covariance is h_g.
func (l line) covariance(g int, m float64) (value, err float64) {
	of := l.groups[g]
	for _, u := range l.groups {
		gap, spread := u.mean-of.mean, math.Hypot(u.deviation, of.deviation)
		v, e := logisticMean{m, of.mean, of.deviation, gap, spread, [2]float64{0, 1}, [2]float64{0, 1}}.evaluate()
		scale := u.weight / (of.deviation * spread)
		value -= scale * v
		err += scale * e
	}
	return value, err
}

// steepness bounds |∂h_g/∂m| by Hölder's inequality.
func (l line) steepness(g int) (sum float64) {
	of := l.groups[g]
	for _, u := range l.groups {
		gap, spread := u.mean-of.mean, math.Hypot(u.deviation, of.deviation)
		sum += u.weight * math.Pow(evenMoment(of.mean, of.deviation, 2)*evenMoment(gap, spread, 2), 0.25)
	}
	return math.Sqrt(3) / 4 * sum / (of.deviation * of.deviation)
}
