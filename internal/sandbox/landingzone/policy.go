package landingzone

import "encoding/json"

// statement is one statement of a policy, in the order in which people write them.
type statement struct {
	Sid       string                    `json:",omitempty"`
	Effect    string                    // "Allow" where empty
	Principal any                       `json:",omitempty"`
	Action    []string                  //
	Resource  string                    `json:",omitempty"`
	Condition map[string]map[string]any `json:",omitempty"`
}

func document(statements ...statement) string {
	for i := range statements {
		if statements[i].Effect == "" {
			statements[i].Effect = "Allow"
		}
	}
	text, err := json.Marshal(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", statements})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return string(text)
}

func service(name string) map[string]string { return map[string]string{"Service": name} }

// when makes a condition of one operator and one key.
func when(operator, key string, value any) map[string]map[string]any {
	return map[string]map[string]any{operator: {key: value}}
}

// fromTrails holds for requests that CloudTrail makes for a trail of the account.
func (p place) fromTrails() string { return "arn:aws:cloudtrail:*:" + p.account + ":trail/*" }

// trailBucketPolicy: CloudTrail looks at the bucket's owner and writes log
// files that the owner gets.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
func trailBucketPolicy(p place, bucket string) string {
	arn := "arn:aws:s3:::" + bucket
	write := when("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control")
	write["ArnLike"] = map[string]any{"aws:SourceArn": p.fromTrails()}
	return document(
		statement{Sid: "LookAtOwner", Principal: service("cloudtrail.amazonaws.com"), Action: []string{"s3:GetBucketAcl"}, Resource: arn,
			Condition: when("ArnLike", "aws:SourceArn", p.fromTrails())},
		statement{Sid: "WriteLogFiles", Principal: service("cloudtrail.amazonaws.com"), Action: []string{"s3:PutObject"},
			Resource: arn + "/AWSLogs/" + p.account + "/*", Condition: write},
		encryptedTransport(arn),
	)
}

// configBucketPolicy: AWS Config checks the bucket and delivers to it.
//
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func configBucketPolicy(p place, bucket string) string {
	arn := "arn:aws:s3:::" + bucket
	look := when("StringEquals", "aws:SourceAccount", p.account)
	write := when("StringEquals", "aws:SourceAccount", p.account)
	write["StringEquals"]["s3:x-amz-acl"] = "bucket-owner-full-control"
	return document(
		statement{Sid: "CheckBucket", Principal: service("config.amazonaws.com"), Action: []string{"s3:GetBucketAcl", "s3:ListBucket"}, Resource: arn, Condition: look},
		statement{Sid: "Deliver", Principal: service("config.amazonaws.com"), Action: []string{"s3:PutObject"},
			Resource: arn + "/AWSLogs/" + p.account + "/Config/*", Condition: write},
		encryptedTransport(arn),
	)
}

func encryptedTransport(arn string) statement {
	return statement{Sid: "EncryptedTransportOnly", Effect: "Deny", Principal: "*", Action: []string{"s3:*"}, Resource: arn + "/*",
		Condition: when("Bool", "aws:SecureTransport", "false")}
}

// keyPolicy: the account's IAM policies decide, and three services may use the key.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func keyPolicy(p place) string {
	return document(
		statement{Sid: "Account", Principal: map[string]string{"AWS": "arn:aws:iam::" + p.account + ":root"}, Action: []string{"kms:*"}, Resource: "*"},
		statement{Sid: "TrailsEncrypt", Principal: service("cloudtrail.amazonaws.com"), Action: []string{"kms:GenerateDataKey*"}, Resource: "*",
			Condition: when("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", p.fromTrails())},
		statement{Sid: "TrailsDescribe", Principal: service("cloudtrail.amazonaws.com"), Action: []string{"kms:DescribeKey"}, Resource: "*"},
		statement{Sid: "LogGroups", Principal: service("logs." + p.region + ".amazonaws.com"),
			Action: []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"}, Resource: "*",
			Condition: when("ArnLike", "kms:EncryptionContext:aws:logs:arn", "arn:aws:logs:"+p.region+":"+p.account+":*")},
		statement{Sid: "AlarmsPublish", Principal: service("cloudwatch.amazonaws.com"), Action: []string{"kms:Decrypt", "kms:GenerateDataKey*"}, Resource: "*",
			Condition: when("StringEquals", "aws:SourceAccount", p.account)},
	)
}

// trustPolicy lets one service assume a role. CloudTrail names no source when
// it assumes a role; the others do.
func trustPolicy(p place, name string) string {
	trust := statement{Principal: service(name), Action: []string{"sts:AssumeRole"}}
	if name != "cloudtrail.amazonaws.com" {
		trust.Condition = when("StringEquals", "aws:SourceAccount", p.account)
	}
	return document(trust)
}

// trailRolePolicy: CloudTrail makes its own streams in a log group.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
func trailRolePolicy(p place) string {
	return document(statement{Action: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
		Resource: "arn:aws:logs:" + p.region + ":" + p.account + ":log-group:*:log-stream:" + p.account + "_CloudTrail_" + p.region + "*"})
}

// configRolePolicy: AWS Config delivers with its role where the bucket's policy does not name the service.
//
// https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html
func configRolePolicy(p place, bucket string) string {
	arn := "arn:aws:s3:::" + bucket
	return document(
		statement{Action: []string{"s3:GetBucketAcl", "s3:ListBucket"}, Resource: arn},
		statement{Action: []string{"s3:PutObject"}, Resource: arn + "/AWSLogs/" + p.account + "/*",
			Condition: when("StringLike", "s3:x-amz-acl", "bucket-owner-full-control")},
	)
}

// topicPolicy: alarms of the account publish.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
func topicPolicy(p place, topic string) string {
	publish := when("StringEquals", "aws:SourceAccount", p.account)
	publish["ArnLike"] = map[string]any{"aws:SourceArn": "arn:aws:cloudwatch:" + p.region + ":" + p.account + ":alarm:*"}
	return document(statement{Sid: "Alarms", Principal: service("cloudwatch.amazonaws.com"), Action: []string{"sns:Publish"}, Resource: topic, Condition: publish})
}
