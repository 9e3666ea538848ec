From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Refute.
Open Scope R_scope.

Definition F := {| w1 := (1 / 4); w2 := (3 / 4); mu1 := (2, 0); mu2 := (0, 1); delta := 1 |}.
Definition e : point := ((62559 / 72641), (-36920 / 72641)).

Theorem equality_refuted : forall G : gaussian e, equality_fails F e G.
Proof.
  refute (1157498167897 / 6326913058375) (-683885063356 / 6326913058375) (23650492664 / 372171356375)
    (366 / 665) (13 / 22) 1 (1 / 8978)
    3 (125118 / 72641) (-36920 / 72641) (73840 / 72641) (62559 / 72641).
Qed.

