From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Refute.
Open Scope R_scope.

Definition F := {| w1 := (1 / 4); w2 := (3 / 4); mu1 := (2, 0); mu2 := (0, 1); delta := 1 |}.
Definition e : point := ((62559 / 72641), (-36920 / 72641)).

Theorem equality_refuted : forall G : gaussian e, equality_fails F e G.
Proof.
  refute (Sym (676535716991 / 3697828241525) (-399631557218 / 3697828241525) (13830420092 / 217519308325)) (224 / 407)
    (((13 / 22), 1) : point) (1 / 11099) 3 (125118 / 72641) (-36920 / 72641).
Qed.

