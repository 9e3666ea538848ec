package rare

import "math"

// logTail is log P(u > x) for a standard normal u. Beyond 30 it is Sampford's upper bound of
// Mills' ratio, 4/(3x + √(x² + 8)) (Annals of Mathematical Statistics 24 (1953)), which is
// off by less than x⁻⁶ of it there.
func logTail(x float64) float64 {
	const far = 30
	if x < far {
		return math.Log(math.Erfc(x/math.Sqrt2) / 2)
	}
	return logDensity(x) + math.Log(4/(3*x+math.Sqrt(x*x+8)))
}

func logDensity(x float64) float64 { return -x*x/2 - math.Log(2*math.Pi)/2 }

// below returns Z P(u ≤ u1) and a bound of Z E[|u|; u ≤ u1] for u ∼ N(mean, 1), with Z = e^logZ.
func below(logZ, mean, u1 float64) (mass, moment float64) {
	x := mean - u1
	mass = math.Exp(logZ + logTail(x))
	density := math.Exp(logZ + logDensity(x))
	// |u| ≤ |u1| + (u1 − u), and E[u1 − u; u ≤ u1] = φ(x) − xP(u ≤ u1) is at most P/x.
	beyond := density - x*mass
	if x > 1 {
		beyond = mass / x
	}
	moment = math.Abs(u1)*mass + beyond
	// −E[u; u ≤ min(u1, 0)] + E[u; 0 < u ≤ u1], where the differences are not rounding only.
	direct, size := density-mean*mass, density+math.Abs(mean)*mass
	if u1 > 0 {
		tail, edge := math.Exp(logZ+logTail(mean)), math.Exp(logZ+logDensity(mean))
		direct = 2*(edge-mean*tail) + mean*mass - density
		size += 2 * (edge + math.Abs(mean)*tail)
	}
	const lost = 1e-8 // of each term: logTail's error, and rounding of exponents up to 10⁷
	if direct += lost * size; direct < moment && direct >= 0 {
		moment = direct
	}
	return mass, moment
}
