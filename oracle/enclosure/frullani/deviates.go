package frullani

import "math"

// deviates is the trapezoidal rule for ξ ∼ N(0, 1), of a step that divides that of τ times b: functions of c + bξ are then taken from one table for all τ.
//
// In ξ + ia with ab ≤ ⅓π the exponentials z = e^{c+b(ξ+ia)} have Re z ≥ ½|z|, and by |1 − e^{−z}| ≤ min(2, |z|), and as ye^{−y} ≤ 1 − e^{−y} for real y,
//
//	|1 − e^{−z}|          ≤ 2 min(1, |z|)  ≤ 3.17 (1 − e^{−|z|})      of the function 1 − G
//	|ze^{−z}|             ≤ |z|e^{−|z|/2}  ≤ 2 (1 − e^{−|z|})         P
//	|z(1 − z)e^{−z}|      ≤ 1.9|z|e^{−|z|/4} ≤ 7.6 (1 − e^{−|z|})     P′
//	|z(1−3z+z²)e^{−z}|    ≤ 50 (1 − e^{−|z|})                        P″
//	|z(1−7z+6z²−z³)e^{−z}| ≤ 545 (1 − e^{−|z|})                      P‴
//
// so that the rule errs by those factors times ρ times 1 − G, ρ = 2e^{a²/2}/(e^{2πa/h} − 1). What it leaves out, |ξ| > T, has a probability ν/(N + 1), and none of the functions
// exceeds 1 beside that (6 of P‴). With H = 1 − φ and H₀ = 1 − φ₀, N Hφ^{N−1} and ½N(N − 1)H²φ^{N−2} are binomial probabilities; so with Σ_k A_k(1 − G_k) = H₀φ^N + NHφ₀φ^{N−1} ≤ 2 the errors of the A_k, which are
// sums of products of at most N + 1 factors, make Σ_k |ΔA_k|(1 − G_k) ≤ 4 · 3.2ρ + 3ν, and those of the P_k add 4ρ + ν. In all
//
//	Σ_k |Δ(A_k P_k)| ≤ 20ρ + 5ν,   Σ_k |Δ(A_k P′_k)| ≤ 50ρ + 10ν
//
// at every τ, as |P′| ≤ 2.5(1 − G) on the line, and the terms of D² in the same way, beside |d_k| + 2|Mx|, by at most 1000(ρ + ν).
type deviates struct {
	rho, nu float64 // aimed at
	reach   float64 // T
	levels  []level
	step    float64 // of τ
	count   int     // of the functions that are needed: 3 for the gradient, 5 for D²
}

func newDeviates(rho float64, negatives int, step float64, order int) *deviates {
	d := &deviates{rho: rho, nu: rho, step: step, count: 2*order + 1}
	// P(|ξ| > T) ≤ e^{−T²/2}
	d.reach = math.Sqrt(2 * math.Log(float64(negatives+1)/d.nu))
	return d
}

// finestLevel bounds the tables: smaller deviations than its step serves have a rule of their own.
const finestLevel = 8

// rule returns the level of the table for a deviation b > 0, with ρ there; −1 where b is too small for any.
func (d *deviates) rule(b float64) (p int, rho float64) {
	for p = 0; b > 0 && p <= finestLevel; p++ {
		h := math.Ldexp(d.step, -p) / b
		a := min(math.Pi/(3*b), 2*math.Pi/h)
		if rho = 2 * aliased(a, h); rho <= d.rho {
			return p, rho
		}
	}
	return -1, faint(b)
}

// faint bounds ρ for Gauss's rule of three points, ξ = 0 and ±√3 of weights ⅔ and ⅙, which is exact to degree 5: beside the sixth derivative it errs by (15 + 9)/720 of it times b⁶. By Cauchy's formula
// on a circle of radius ⅓π about c, within which e^s is at most e^{1.05} times what it is there, and for |bξ| ≤ ½ as a whole, that is at most 720/1.31 times 6 of what the factors of ρ are for; more lies beyond |bξ| ≤ ½ than
// e^{−1/8b²}, which is smaller.
func faint(b float64) float64 {
	const sixth = 24.0 / 720 * 720 / 1.31 * 6 * 2
	return sixth*math.Pow(b, 6) + math.Exp(-1/(8*b*b))
}

// level is a table of 1 − e^{−z}, ze^{−z}, z(1 − z)e^{−z}, …, z = e^c, on the multiples of one step, sorted by the remainder of the index by 2^p: the functions of entry i of
// remainder r, one beside the other, are at c = (i + first)·h + r·h/2^p.
type level struct {
	first   int
	size    int         // of the entries
	entries [][]float64 // by remainder
}

// functions is the number of them at most.
const functions = 5

// Below lowest all functions are 0 to e^{lowest}, and above highest 1 and 0 to rounding.
const lowest, highest = -64, 4.6

// table returns that of a level.
func (d *deviates) table(p int) *level {
	for len(d.levels) <= p {
		d.levels = append(d.levels, level{})
	}
	t := &d.levels[p]
	if t.entries != nil {
		return t
	}
	t.first = int(math.Floor(lowest / d.step))
	t.size = int(math.Ceil(highest/d.step)) - t.first + 1
	t.entries = make([][]float64, 1<<p)
	for r := range t.entries {
		t.entries[r] = make([]float64, 0, t.size*d.count)
		for i := range t.size {
			all := functionsOf(math.Exp((float64(i+t.first) + math.Ldexp(float64(r), -p)) * d.step))
			t.entries[r] = append(t.entries[r], all[:d.count]...)
		}
	}
	return t
}

// functionsOf are 1 − e^{−z}, ze^{−z} and the derivatives of that in log z.
func functionsOf(z float64) [functions]float64 {
	lost := -math.Expm1(-z)
	w := z * (1 - lost)
	if z > 0.5 {
		w = z * math.Exp(-z)
	}
	return [functions]float64{lost, w, w * (1 - z), w * (1 + z*(z-3)), w * (1 + z*(-7+z*(6-z)))}
}
