package typeset

import (
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/oracle/proof/plane"
)

// Coq is a refutation as a file of Coq that the theory in formal compiles: the mixture, the direction of which the expectation is asked, and two theorems.
func Coq(r plane.Refutation) string {
	e := r.Mixture.Left.Exact()
	tau1, up1 := r.Coordinates(0)
	tau2, up2 := r.Coordinates(1)
	numbers := []*big.Rat{
		r.Matrix[0][0], r.Matrix[0][1], r.Matrix[1][1], r.Slope, r.Witness[0], r.Witness[1], r.Radius,
		r.Odds(), tau1, tau2, up1, up2,
	}
	texts := make([]string, len(numbers))
	for i, x := range numbers {
		texts[i] = argument(real(x))
	}
	return fmt.Sprintf(`From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Rotation Refute.
Open Scope R_scope.

Definition F := {| w1 := %s; w2 := %s; mu1 := %s; mu2 := %s; delta := %s |}.
Definition e : point := %s.

Theorem equality_refuted : forall G : gaussian e, equality_fails F G.
Proof.
  refute %s
    %s
    %s
    %d%%positive.
Qed.

Corollary equality_refuted_by_integrals : equality_fails F normal_mean.
Proof. by_integrals equality_refuted. Qed.
`, real(e.Weights[0]), real(e.Weights[1]), coqPoint(e.Means[0]), coqPoint(e.Means[1]), real(r.Mixture.ExactDelta()), coqPoint(r.Direction),
		strings.Join(texts[:3], " "), strings.Join(texts[3:7], " "), strings.Join(texts[7:], " "), r.Bits)
}

// real is a number of Coq's R.
func real(x *big.Rat) string { return strings.ReplaceAll(x.RatString(), "/", " / ") }

// argument is one of a tactic.
func argument(number string) string {
	if strings.ContainsAny(number, "-/") {
		return "(" + number + ")"
	}
	return number
}

func coqPoint(x []*big.Rat) string { return "(" + real(x[0]) + ", " + real(x[1]) + ")" }
