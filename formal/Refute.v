(* i_prec makes interval and integral compute with integers; without it they use the processor's floats.
   refute a b c nu v1 v2 eps rho tau1 tau2 up1 up2 bits: the hypotheses of refuted_on_a_line, for these numbers, with integrals of so many bits. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Export Hierarchy RInt.
From Interval Require Import Tactic.
From Contrast Require Import Plane Gaussian InfoNCE Line Rotation.
Open Scope R_scope.

Lemma ends x i t l u : Rabs (x - i) <= t -> l <= i <= u -> l - t <= x <= u + t.
Proof. intros H L. apply Rcomplements.Rabs_le_between in H. lra. Qed.

Lemma quotient m x a : 0 < m -> x = m * a -> a = x / m.
Proof. intros H ->. field. lra. Qed.

(* H says that x is near an integral: encloses this, and leaves in H the ends of x. *)
Ltac enclose H bits :=
  match type of H with
  | Rabs (?x - ?i) <= ?t =>
    let B := fresh in let precision := eval vm_compute in (bits + 10)%positive in
    integral_intro i with (i_relwidth bits, i_prec precision) as B;
    apply (fun h => ends x i t _ _ h B) in H; clear B
  end.

(* H has the ends of mass * a: replaces a. *)
Ltac divide H mass a P :=
  match type of H with
  | _ <= ?y <= _ =>
    let x := fresh in let E := fresh in
    remember y as x eqn:E in H; apply (quotient mass x a P) in E; subst a
  end.

Ltac refute a b c nu v1 v2 eps rho tau1 tau2 up1 up2 bits :=
  match goal with |- forall G : gaussian ?e, equality_fails ?F _ =>
    let G := fresh in
    intros G; unfold F, e in *;
    apply (refuted_on_a_line _ _ _ _ _ _ _ _ _ a b c nu v1 v2 eps rho tau1 tau2 up1 up2);
    [ lra | lra | lra | split; lra | lra | lra | lra | lra | lra | lra | lra
    | let mass := fresh in let p1 := fresh in let q1 := fresh in let p2 := fresh in let q2 := fresh in
      let Hm := fresh in let Hp1 := fresh in let Hq1 := fresh in let Hp2 := fresh in let Hq2 := fresh in
      intros mass p1 q1 p2 q2 ? ? ? ? ? ? ? ? ? Hm Hp1 Hq1 Hp2 Hq2 ? ? ? ? ? ? ? ? ?;
      enclose Hm bits; enclose Hp1 bits; enclose Hq1 bits; enclose Hp2 bits; enclose Hq2 bits;
      let P := fresh in assert (P : 0 < mass) by (interval with (i_prec 30));
      divide Hp1 mass p1 P; divide Hq1 mass q1 P; divide Hp2 mass p2 P; divide Hq2 mass q2 P;
      let precision := eval vm_compute in (bits + 20)%positive in
      subst; interval with (i_prec precision) ]
  end.

(* by_integrals T: what T says of every expectation, of iterated integrals. *)
Ltac by_integrals T :=
  match type of T with forall G : gaussian ?e, _ =>
    let unit := fresh in
    assert (unit : dot e e = 1) by (unfold e, dot; cbn [fst snd]; lra);
    exact (T (standard e unit))
  end.
