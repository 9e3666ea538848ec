(* Written by contrastcheck. This writes it anew:
     echo '{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity", "delta": 1}' | contrastcheck prove - --format coq
*)
From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Rotation Refute.
Open Scope R_scope.

Definition F := {| w1 := 1 / 4; w2 := 3 / 4; mu1 := (2, 0); mu2 := (0, 1); delta := 1 |}.
Definition e : point := (62559 / 72641, -36920 / 72641).

Theorem equality_refuted : forall G : gaussian e, equality_fails F G.
Proof.
  refute (231543775229 / 1265624143000) (-68401606171 / 632812071500) (1182747637 / 18612119750)
    (366 / 665) (3 / 5) 1 (1 / 4713)
    3 (125118 / 72641) (-36920 / 72641) (73840 / 72641) (62559 / 72641)
    20%positive.
Qed.

Corollary equality_refuted_by_integrals : equality_fails F normal_mean.
Proof. by_integrals equality_refuted. Qed.
