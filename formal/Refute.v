(* refute M nu v eps c tau1 tau2: the hypotheses of refuted_on_a_line for these numbers. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Export Hierarchy RInt.
From Interval Require Import Tactic.
From Contrast Require Import Plane Gaussian InfoNCE Expectation Objective Line.
Open Scope R_scope.

Ltac numbers :=
  unfold proper, gradient, plus, times, outer, middle, form, inner, apply, dot, turn, add, minus, scale;
  cbn [w1 w2 mu1 mu2 delta fst snd xx xy yy].

(* The ends of m a, if it is near an integral that is enclosed. *)
Lemma ends x i t l u : Rabs (x - i) <= t -> l <= i <= u -> l - t <= x <= u + t.
Proof. intros H L. apply Rcomplements.Rabs_le_between in H. lra. Qed.

Lemma quotient m x a : 0 < m -> x = m * a -> a = x / m.
Proof. intros H ->. field. lra. Qed.

(* Encloses the integral that H says x is near, and puts the ends of x into H. *)
Ltac enclose H :=
  match type of H with
  | Rabs (?x - ?i) <= ?t =>
    let B := fresh in
    integral_intro i with (i_relwidth 30, i_fuel 200) as B;
    apply (fun h => ends x i t _ _ h B) in H; clear B
  end.

Ltac divide H mass a P :=
  match type of H with
  | _ <= ?y <= _ =>
    let x := fresh in let E := fresh in
    remember y as x eqn:E in H; apply (quotient mass x a P) in E; subst a
  end.

Ltac refute M nu v eps c tau1 tau2 :=
  match goal with |- forall G : gaussian ?e, equality_fails ?F _ G =>
    let G := fresh in
    intros G; apply (refuted_on_a_line F e G M nu v eps c tau1 tau2); unfold F, e;
    [ numbers; lra | numbers; lra | numbers; lra | numbers; f_equal; lra | numbers; lra | numbers; lra | numbers; lra | lra
    | numbers; lra
    | let mass := fresh in let a1 := fresh in let b1 := fresh in let a2 := fresh in let b2 := fresh in
      let Hm := fresh in let Ha1 := fresh in let Hb1 := fresh in let Ha2 := fresh in let Hb2 := fresh in
      intros mass a1 b1 a2 b2 Hm Ha1 Hb1 Ha2 Hb2; cbv zeta;
      enclose Hm; enclose Ha1; enclose Hb1; enclose Ha2; enclose Hb2;
      let P := fresh in assert (P : 0 < mass) by interval;
      divide Ha1 mass a1 P; divide Hb1 mass b1 P; divide Ha2 mass a2 P; divide Hb2 mass b2 P;
      numbers; interval ]
  end.
