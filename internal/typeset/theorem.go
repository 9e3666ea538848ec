package typeset

import (
	"fmt"
	"strings"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// Environment is that of theorems.
const Environment = "proposition"

// Theorem is what a certificate proves, with its proof: the mixture, the matrix and the witness in exact numbers, what was enclosed, and where each step stands in the
// documentation.
func Theorem(c proof.Certificate, t proof.Theorem) string {
	statement, argument := stated(c, t), argued(c, t)
	return fmt.Sprintf("\\begin{%[1]s}[%[2]s]\\sloppy\n%[3]s\\end{%[1]s}\n\\begin{proof}\\sloppy\n%[4]s\\end{proof}\n", Environment, title(t), statement, argument)
}

// title is what the theorem says of the mixture, in two words.
func title(t proof.Theorem) string {
	verb := "fails"
	if t.Verdict == oracle.Holds {
		verb = "holds"
	}
	switch {
	case t.OffRange != nil:
		return "No affine minimiser exists"
	case t.Containment, t.Comparison != nil, t.Cosine != nil:
		return "Containment " + verb
	}
	return "Equality " + verb
}

// stated is the mixture, the loss and what is said of its minimisers.
func stated(c proof.Certificate, t proof.Theorem) string {
	b := Mixture(c.Pairs)
	if c.Region != nil {
		return b + ofBox(c, t)
	}
	loss, space := of(c, t)
	b += loss
	relation := "="
	switch {
	case t.OffRange != nil:
		return b + fmt.Sprintf("No $(A, b)$ with $r \\ge %d$ columns minimises $L$: along every minimising sequence $\\Vert b\\Vert \\to \\infty$.\n", t.Dimension)
	case t.Comparison != nil:
		return b + "At every width from that of the network below on, and in the limit, no minimiser $f$ of $L$ sees $x$ through $S_F = \\mathrm{span}\\{\\Sigma^{-1}\\mu_k\\}$ alone.\n"
	case t.Cosine != nil:
		return b + "No minimiser $A^*$ of $L$ with $r \\ge 2$ columns has $\\mathrm{Col}(A^*) \\subseteq S_F = \\mathrm{span}\\{\\Sigma^{-1}\\mu_k\\}$.\n"
	case t.Containment:
		relation = `\subseteq`
	}
	columns := fmt.Sprintf("$r \\ge \\dim %s = %d$", c.Loss.Subspace(), t.Dimension)
	if t.By == proof.ByDescent {
		columns = fmt.Sprintf("$r > \\dim %s = %d$", c.Loss.Subspace(), t.Dimension)
	}
	if t.Verdict == oracle.Holds {
		return b + fmt.Sprintf("Every minimiser $A^*$ of $L$ with %s columns has $\\mathrm{Col}(A^*) %s %s = %s$.\n", columns, relation, c.Loss.Subspace(), space)
	}
	return b + fmt.Sprintf("No minimiser $A^*$ of $L$ with %s columns has $\\mathrm{Col}(A^*) %s %s = %s$.\n", columns, relation, c.Loss.Subspace(), space)
}

// of introduces the loss, and says what the subspace is.
func of(c proof.Certificate, t proof.Theorem) (loss, space string) {
	space = `\mathrm{span}\{\Sigma^{-1}\mu_k\}`
	if c.Pairs.Left.Exact().Covariance == nil {
		space = `\mathrm{span}\{\bar\Sigma^{-1}\mu_k\}$, $\bar\Sigma = \sum_k w_k\Sigma_k`
	}
	if c.Loss.Subspace() == "S_c" {
		space = `\mathrm{span}\{\Sigma^{-1}(\mu_k - \mu_l)\}`
	}
	const pair = `where $(x, \hat x)$ is a pair that shares its component with probability $\delta$ and is independent otherwise, and $y$ is independent of it.` + "\n"
	w := c.Loss.Words()
	switch {
	case t.Comparison != nil:
		activation := map[string]string{"relu": "ReLU", "sign": "sign"}[string(t.Comparison.Activation)]
		return display(`L(f) = -E\,f(x)^\top f(\hat x) + E_x\log E_y\exp f(x)^\top f(y)`, "of networks $f$ of "+activation+" neurons without biases") + pair, space
	case t.Cosine != nil:
		return display(fmt.Sprintf(`L(A) = -\tfrac1\tau E\,f(x)^\top f(\hat x) + E_x\log E_y\exp \tfrac1\tau f(x)^\top f(y), \qquad \tau = %s`, Number(c.Cosine.Temperature)), `of cosines, $f(x) = A^\top x/\Vert A^\top x\Vert$,`) + pair, space
	case w.Map == "affine":
		return display(`L(A, b) = -E\,f(x)^\top f(\hat x) + E_x\log E_y\exp f(x)^\top f(y), \qquad f(x) = A^\top x + b`, "of affine maps") + pair, space
	case w.Score == "distance":
		return display(`L(A) = \tfrac12 E\,\Vert A^\top(x - \hat x)\Vert^2 + E_x\log E_y\exp\bigl(-\tfrac12\Vert A^\top(x - y)\Vert^2\bigr)`, "of distances") + pair, space
	case w.Loss == "triplet":
		return display(`L(A) = E\log\bigl(1 + \exp x^\top AA^\top(y - \hat x)\bigr)`, "") + pair, space
	case w.Loss == "sigmoid":
		bias := "with the best $b$"
		if w.Bias != "free" {
			bias = "$b = " + w.Bias + "$"
		}
		return display(`L(A) = E\log\bigl(1 + e^{-x^\top AA^\top\hat x - b}\bigr) + m\,E\log\bigl(1 + e^{x^\top AA^\top y + b}\bigr)`, "") + "$m = " + w.Negatives + "$, " + bias + ", " + pair, space
	case w.Loss == "dv":
		return display(`L(A) = -E\,x^\top AA^\top\hat x + \log E\exp x^\top AA^\top y`, "") + pair, space
	case w.Loss == "spectral":
		return display(`L(A) = -2E\,x^\top AA^\top\hat x + E(x^\top AA^\top y)^2`, "") + pair, space
	case w.Loss == "agreement":
		return display(`L(A) = -2E\,x^\top AA^\top\hat x + \tfrac12 E(x^\top AA^\top y - \hat x^\top AA^\top y)^2`, "") + pair, space
	}
	return display(infoNCE, "") + pair, space
}

const infoNCE = `L(A) = -E\,x^\top AA^\top\hat x + E_x\log E_y\exp x^\top AA^\top y`

// display shows a loss, of what if not of all linear maps.
func display(formula, what string) string {
	if what != "" {
		what = " " + what
	}
	return fmt.Sprintf("Consider the loss%s\n\\[ %s, \\]\n", what, formula)
}

// ofBox is what is said of every mixture of a box.
func ofBox(c proof.Certificate, t proof.Theorem) string {
	sides := make([]string, len(c.Region.Sides))
	for i, s := range c.Region.Sides {
		sides[i] = fmt.Sprintf("$%s \\in [%s, %s]$", Path(s.Path), Number(s.Low), Number(s.High))
	}
	centred := ""
	if c.Region.Centred {
		centred = " and its mean is subtracted from every mean"
	}
	what := "no minimiser has"
	if t.Verdict == oracle.Holds {
		what = "every minimiser has"
	}
	return fmt.Sprintf("Let these numbers vary, %s, where weights that are not named keep their proportions%s. Then of each of these mixtures, for the loss\n\\[ %s \\]\nand every $r \\ge \\dim S_F = %d$, %s $\\mathrm{Col}(A^*) = S_F = \\mathrm{span}\\{\\Sigma^{-1}\\mu_k\\}$.\n",
		strings.Join(sides, ", "), centred, infoNCE, t.Dimension, what)
}
