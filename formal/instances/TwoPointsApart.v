(* Written by contrastcheck. This writes it anew:
     echo '{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity", "delta": 1}' | contrastcheck prove - --format coq
*)
From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Rotation Refute.
Open Scope R_scope.

Definition F := {| w1 := 1 / 4; w2 := 3 / 4; mu1 := (3, 3); mu2 := (1, -2); delta := 1 |}.
Definition e : point := (2615693 / 10728085, 10404324 / 10728085).

Theorem equality_refuted : forall G : gaussian e, equality_fails F G.
Proof.
  refute (972570161415751 / 169657355702725240) (9684751567554967 / 254486033554087860) (3696982767427745 / 25448603355408786)
    (2038 / 2463) 1 (-1 / 4) (1 / 264)
    3 (39060051 / 10728085) (-3638591 / 2145617) (-23365893 / 10728085) (-3127142 / 2145617)
    20%positive.
Qed.

Corollary equality_refuted_by_integrals : equality_fails F normal_mean.
Proof. by_integrals equality_refuted. Qed.
