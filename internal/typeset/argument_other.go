package typeset

import (
	"fmt"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/box"
)

// containmentArgument is of components with their own covariances.
func containmentArgument(c proof.Certificate, t proof.Theorem) string {
	d := c.Departure
	if t.Verdict == oracle.Holds || d == nil {
		if t.By == proof.ByZero {
			return exactArgument(c, t)
		}
		return "Every $\\bar\\Sigma^{-1}\\Sigma_k$ maps $S_F$ into itself, in exact rational arithmetic. So what $x$ has beyond $S_F$ is, given the components, independent of the rest with mean $0$, and Jensen's inequality applies~" +
			cite(theorem("Theorem 14"), section(ownCovar)) + ".\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Let $V = \\bar\\Sigma^{-1}(%s)$ and $f(AA^\\top) = L(A)$, and let $M = VN^*V^\\top$ minimise $f$ over all $VNV^\\top$ with $N \\succeq 0$. If a minimiser $A^*$ were in $S_F$, $A^*A^{*\\top}$ would be $M$. Near $N^*$ is\n%s", basis(`\mu`, c.Basis), dyadicMatrix("N", c.Minimiser))
	fmt.Fprintf(&b, "and with $h = %s$", dyadicVector(d.Direction))
	low, high := d.Bounds()
	if d.Along != nil {
		fmt.Fprintf(&b, ", $u = VN^*y$, $y = %s$, interval arithmetic of %d bits proves\n\\[ h^\\top\\nabla f(M)u \\in [%s,\\ %s], \\]\nwhich would be $0$ if $M$ were $A^*A^{*\\top}$", dyadicVector(d.Along), c.Precision, Decimal(low), Decimal(high))
	} else {
		fmt.Fprintf(&b, ", interval arithmetic of %d bits proves\n\\[ h^\\top\\nabla f(M)h \\in [%s,\\ %s], \\]\nso that $M + \\eta hh^\\top$ is better for small $\\eta > 0$", c.Precision, Decimal(low), Decimal(high))
	}
	fmt.Fprintf(&b, "~%s.\n", cite(theorem("Theorem 15"), section(ownCovar)))
	return b.String()
}

// boxArgument is of all mixtures of a box.
func boxArgument(c proof.Certificate, t proof.Theorem) string {
	var b strings.Builder
	fmt.Fprintf(&b, whitened, `\Sigma`)
	_, radius := above(t.Radius, 4)
	_, margin := below(t.Margin, 4)
	pieces := "The box is one piece"
	if n := t.Box.Leaves; n > 1 {
		pieces = fmt.Sprintf("The box is cut into %d pieces", n)
	}
	fmt.Fprintf(&b, "%s, on which $\\hat M$ is affine in the numbers that vary; interval arithmetic, rounded outward, encloses the gradient for all of them, so that $\\Vert\\hat M - M_u\\Vert \\le \\varepsilon = %s$ with $M_u$ the minimiser over all symmetric matrices. ", pieces, radius)
	if leaf, only := onlyLeaf(c.Region.Pieces); only && len(leaf.Minimiser) > 0 {
		fmt.Fprintf(&b, "In the middle of the box $\\hat M$ has the coordinates\n%s", dyadicMatrix("N", leaf.Minimiser))
		for i, move := range leaf.Moves {
			fmt.Fprintf(&b, "and to the upper end of $%s$ it moves by\n%s", Path(c.Region.Sides[i].Path), dyadicMatrix(fmt.Sprintf("N_{%d}", i+1), move))
		}
		if leaf.Witness != nil {
			fmt.Fprintf(&b, "and the witness of $\\lambda_{\\min}(M_u) < 0$ is $v = %s$. ", dyadicVector(leaf.Witness))
		}
	} else {
		b.WriteString("The pieces and their matrices stand in the certificate. ")
	}
	if t.Verdict == oracle.Holds {
		fmt.Fprintf(&b, "Everywhere $\\lambda_{\\min}(M_u|_{S_F}) \\ge %s > 0$", margin)
	} else {
		fmt.Fprintf(&b, "Everywhere $\\lambda_{\\min}(M_u|_{S_F}) \\le -%s$", margin)
	}
	fmt.Fprintf(&b, "~%s.\n", cite(theorem("Theorems 1, 4 and 6"), section(chain), section(boxes)))
	return b.String()
}

// onlyLeaf is the piece of a box that is not cut.
func onlyLeaf(pieces []box.Piece) (leaf box.Piece, only bool) {
	if len(pieces) != 1 {
		return leaf, false
	}
	return pieces[0], pieces[0].Cut == box.Leaf
}

// Path is a number of a mixture, as symbols.
func Path(p gmm.Path) string {
	if p.IsDelta() {
		return `\delta`
	}
	symbols := strings.NewReplacer("weight", "w", "mean", `\mu`, "covariance", `\Sigma`)
	name, indices, _ := strings.Cut(p.String(), "[")
	return fmt.Sprintf("%s_{%s}", symbols.Replace(name), strings.TrimSuffix(strings.ReplaceAll(indices, "][", ","), "]"))
}

// verbatim is the formula of a network in plain text, as text within a formula.
func verbatim(formula string) string {
	symbols := strings.NewReplacer("√", `\surd `, "₁", "_1", "₂", "_2", "₊", "^+", "₋", "^-", "·", `\cdot `, "−", "-", "ρ", `\rho `, "sign", `\mathrm{sign}\,`, "×", `\times `)
	return symbols.Replace(formula)
}
