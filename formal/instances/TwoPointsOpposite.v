(* Written by contrastcheck. This writes it anew:
     echo '{"weights": [3, 7], "means": [[2, 1], [-1, 0.5]], "covariance": "identity", "delta": 1}' | contrastcheck prove - --format coq
*)
From Coq Require Import Reals.
From Contrast Require Import Plane Gaussian InfoNCE Rotation Refute.
Open Scope R_scope.

Definition F := {| w1 := 3 / 10; w2 := 7 / 10; mu1 := (2, 1); mu2 := (-1, 1 / 2); delta := 1 |}.
Definition e : point := (3728035 / 3752677, 429348 / 3752677).

Theorem equality_refuted : forall G : gaussian e, equality_fails F G.
Proof.
  refute (985030899637684949 / 4154918486295723084) (18971515329326761 / 692486414382620514) (299871556850387 / 115414402397103419)
    (1601 / 2194) (-1 / 8) 1 (1 / 1930)
    (7 / 3) (7885418 / 3752677) (-3513361 / 3752677) (2869339 / 3752677) (4586731 / 7505354)
    20%positive.
Qed.

Corollary equality_refuted_by_integrals : equality_fails F normal_mean.
Proof. by_integrals equality_refuted. Qed.
