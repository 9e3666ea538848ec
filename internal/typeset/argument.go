package typeset

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// Sections of docs/certificates.md.
const (
	chain       = "The chain of inequalities"
	otherLosses = "Other losses"
	affineMaps  = "Affine maps"
	ownCovar    = "Containment of components with their own covariances"
	noBiases    = "Networks without biases"
	cosines     = "Cosines"
	boxes       = "Boxes"
)

// whitened says in which coordinates sizes are meant.
const whitened = "Norms are Frobenius norms and eigenvalues those of matrices in whitened coordinates, in which $%s = I$.\n"

// argued is the proof.
func argued(c proof.Certificate, t proof.Theorem) string {
	switch {
	case c.Region != nil:
		return boxArgument(c, t)
	case t.Comparison != nil:
		outside, inside := t.Comparison.Short()
		return fmt.Sprintf("The network $%s$ reads noise, and has a loss of at most $%s$; every network that sees $x$ through $S_F$ alone, of any width and depth, has one of at least $%s$, both in interval arithmetic~%s.\n",
			verbatim(c.Comparison.Net()), Decimal(outside), Decimal(inside), cite(theorem("Theorem 22"), section(noBiases)))
	case t.Cosine != nil:
		outside, inside := t.Cosine.Short()
		return fmt.Sprintf("In whitened coordinates, the first along $S_F$, $A = \\mathrm{diag}(1, %s)$ has a loss of at most $%s$. Every $A$ with columns in $S_F$ has the same loss, of at least $%s$; both in interval arithmetic~%s.\n",
			Number(c.Cosine.Noise), Decimal(outside), Decimal(inside), cite(theorem("Theorem 24"), section(cosines)))
	case t.Containment:
		return containmentArgument(c, t)
	case t.By != proof.ByEnclosure && t.By != proof.ByRange:
		return exactArgument(c, t)
	}
	return enclosed(c, t)
}

// enclosed is the argument by an enclosure of the gradient.
func enclosed(c proof.Certificate, t proof.Theorem) string {
	var b strings.Builder
	fmt.Fprintf(&b, whitened, `\Sigma`)
	infonce := c.Loss.Words() == proof.InfoNCE.Words()
	steps, convex, why := section(otherLosses), "strictly convex", theorem("Theorems 2, 4 and 6")
	switch {
	case infonce:
		steps, convex, why = section(chain), "$1$-strongly convex", theorem("Theorems 1, 4 and 6")
	case c.Loss.Words() == proof.Affine.Words():
		steps, why = section(affineMaps), theorem("Theorem 18")
	case c.Loss.Words().Score == "distance":
		why = theorem("Theorems 2 and 6, chapter 8")
	}
	subspace, means := c.Loss.Subspace(), `\mu`
	if subspace == "S_c" {
		means = `\mu'`
		b.WriteString("Subtract the mean: $\\mu'_k = \\mu_k - \\sum_l w_l\\mu_l$.\n")
	}
	relation := "if and only if it is"
	what := "the symmetric matrix $M$, which is $AA^\\top$ of a representation"
	if c.Loss.Words() == proof.Affine.Words() {
		relation = "requires that it be"
		what = "the symmetric matrix $M$ and the vector $c$, which are $AA^\\top$ and $Ab + AA^\\top\\sum_l w_l\\mu_l$ of a representation"
	}
	fmt.Fprintf(&b, "The loss is a %s function of %s. Let $M_u$ be the matrix of its minimiser. It lives on $%s$, and $\\mathrm{Col}(A^*) = %[3]s$ %[4]s positive definite there~%[5]s.\n", convex, what, subspace, relation, cite(why, steps))
	fmt.Fprintf(&b, "Let $W = (%s)$,\n\\[ \\hat M = \\Sigma^{-1}W N W^\\top\\Sigma^{-1}, \\]\n%s", basis(means, c.Basis), dyadicMatrix("N", c.Minimiser))
	if c.Bias != nil {
		fmt.Fprintf(&b, "$\\hat b = %s$", Number(c.Bias))
	}
	if c.Shift != nil {
		fmt.Fprintf(&b, "$\\hat c = \\Sigma^{-1}W\\gamma$, $\\gamma = %s$", dyadicVector(c.Shift))
	}
	if c.Bias != nil || c.Shift != nil {
		b.WriteString(".\n")
	}
	radius, margin := bounds(c, t)
	gradient := "and bounds the distance"
	if infonce {
		gradient = "$\\Vert\\nabla L(\\hat M)\\Vert \\le \\varepsilon$, and with it the distance"
	}
	distance := `\Vert\hat M - M_u\Vert \le \varepsilon`
	if c.Loss.Words().Score == "distance" {
		distance = `\Vert(I + \hat M)^{-1/2}(\hat M - M_u)(I + \hat M)^{-1/2}\Vert \le \varepsilon`
	}
	fmt.Fprintf(&b, "Interval arithmetic of %d bits encloses the gradient there, %s:\n\\[ %s, \\qquad \\varepsilon = %s. \\]\n", c.Precision, gradient, distance, radius)
	conclude(&b, c, t, margin)
	return b.String()
}

// conclude says what the sign is, and what follows.
func conclude(b *strings.Builder, c proof.Certificate, t proof.Theorem, margin string) {
	weight, subspace := `\Sigma^{-1}`, c.Loss.Subspace()
	if c.Loss.Words().Score == "distance" {
		weight = `(\Sigma^{-1} + \hat M)`
	}
	if t.Verdict == oracle.Holds {
		fmt.Fprintf(b, "In exact rational arithmetic, by the pivots of $LDL^\\top$,\n\\[ W^\\top\\bigl(\\hat M - \\varepsilon%s - m\\,\\Sigma^{-1}\\bigr)W \\succ 0, \\qquad m = %s. \\]\nSo $\\lambda_{\\min}(M_u|_{%s}) \\ge m > 0$, and the minimisers are those $A$ with $AA^\\top = M_u$.\n", weight, margin, subspace)
		return
	}
	fmt.Fprintf(b, "Let $v = Wy$, $y = %s$. In exact rational arithmetic\n\\[ v^\\top M_u v \\;\\le\\; v^\\top\\hat M v + \\varepsilon\\,v^\\top%s v \\;\\le\\; -m\\,v^\\top\\Sigma^{-1}v \\;<\\; 0, \\qquad m = %s. \\]\nSo $\\lambda_{\\min}(M_u|_{%s}) \\le -m$: it is not positive definite.\n", dyadicVector(c.Witness), weight, margin, subspace)
	switch {
	case t.OffRange != nil:
		_, off := below(t.OffRange, 6)
		fmt.Fprintf(b, "Let $(M^*, c^*)$ be the minimiser over $M \\succeq 0$, of which $M^*$ is singular, and\n%s$\\gamma' = %s$, $k = %s$ and $\\zeta = %s$. Near $(M^*, c^*)$ are $\\Sigma^{-1}WN'W^\\top\\Sigma^{-1}$, whose kernel has $Wk$, and $\\Sigma^{-1}W\\gamma'$, with the multiplier $\\zeta\\,Wk(Wk)^\\top$. By the enclosed gradient there $c^*$ leaves the range of $M^*$ by at least $%s$, so that no $(A, b)$ attains the infimum~%s.\n",
			dyadicMatrix("N'", c.Boundary.Minimiser), dyadicVector(c.Boundary.Shift), dyadicVector(c.Boundary.Kernel), Number(c.Boundary.Dual), off, cite(theorem("Theorem 18"), section(affineMaps)))
	case c.Loss.Words() == proof.Affine.Words():
		fmt.Fprintf(b, "As the mixture is its own mirror image about its mean, minimisers exist, and have a singular $AA^\\top$~%s.\n", cite(theorem("Theorem 18"), section(affineMaps)))
	}
}

// bounds are ε, rounded up, and what remains of the margin with it, rounded down: as many digits as leave nearly all of it. The margin decreases by what ε grows, of distances that hold by
// at most 1 + tr Σ^½M̂Σ^½ times that.
func bounds(c proof.Certificate, t proof.Theorem) (radius, margin string) {
	const least, most, digits = 6, 60, 6
	rate := big.NewRat(1, 1)
	if c.Loss.Words().Score == "distance" && t.Verdict == oracle.Holds {
		rate.Add(rate, trace(c))
	}
	for n := least; ; n += 3 {
		up, text := above(t.Radius, n)
		left := up.Sub(up, t.Radius)
		left.Sub(t.Margin, left.Mul(left, rate))
		if kept := new(big.Rat).Quo(left, t.Margin); kept.Cmp(big.NewRat(999, 1000)) > 0 || n > most {
			_, m := below(left, digits)
			return text, m
		}
	}
}

// trace is that of M̂, whitened: of N times the Gram matrix of W's columns.
func trace(c proof.Certificate) *big.Rat {
	sum := new(big.Rat)
	seen, err := c.Loss.Sees(c.Pairs)
	if err != nil {
		return sum
	}
	gram := seen.Left.ExactGram()
	for i, k := range c.Basis {
		for j, l := range c.Basis {
			sum.Add(sum, new(big.Rat).Mul(c.Minimiser[i][j], gram[l][k]))
		}
	}
	return sum
}

// basis lists the columns of W.
func basis(mean string, indices []int) string {
	texts := make([]string, len(indices))
	for i, k := range indices {
		texts[i] = fmt.Sprintf("%s_{%d}", mean, k+1)
	}
	return strings.Join(texts, `,\ `)
}

// exactArgument is of cases that are decided without an enclosure.
func exactArgument(c proof.Certificate, t proof.Theorem) string {
	where := section(chain)
	if c.Loss.Words() != proof.InfoNCE.Words() {
		where = section(otherLosses)
	}
	switch t.By {
	case proof.ByZero:
		return "The gradient at $M = AA^\\top = 0$ is $0$ on the subspace, as $\\delta\\sum_k w_k(\\mu_k - \\bar\\mu)(\\mu_k - \\bar\\mu)^\\top = 0$, $\\bar\\mu = \\sum_k w_k\\mu_k$. By convexity $A^* = 0$~" + cite(where) + ".\n"
	case proof.ByLine:
		return "The subspace is a line, and on it the gradient at $M = AA^\\top = 0$ is negative. So $M^* \\neq 0$, and on a line that is positive definite~" + cite(theorem("Theorem 7"), where) + ".\n"
	case proof.BySwap:
		return "The means are independent and of equal length in the metric $\\Sigma^{-1}$, and equally likely. The reflection that swaps them leaves the loss alone, so that $M_u$, its unique minimiser over all symmetric matrices, is diagonal in the directions of $\\mu_1 + \\mu_2$ and $\\mu_1 - \\mu_2$. All points have one mean along the first, which no entry of $M$ but $0$ makes the best of~" + cite(where) + ".\n"
	case proof.ByOrthogonalMean:
		return "All means have one coordinate $c$ along $\\bar\\mu = \\sum_k w_k\\mu_k \\neq 0$, which cancels in the softmax. So the entry $m_0$ of $M$ in that direction enters the loss as $\\tfrac12 m_0^2(1 + c^2)$ only, and is $0$ in $M_u$~" + cite(theorem("Theorem 10"), where) + ".\n"
	case proof.ByRank:
		return "The minimiser over all symmetric matrices is positive semidefinite, and its range is that of $\\Sigma^{-1}E\\,x\\hat x^\\top$, whose dimension is a rank of a rational matrix~" + cite(theorem("Theorem 13"), where) + ".\n"
	}
	return "By " + Escaped(string(t.By)) + "~" + cite(where) + ".\n"
}
