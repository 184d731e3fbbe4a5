"""WeChat Pay, API v3, native payments: the customer scans a code with WeChat.

Sources (the provider's public description, in Chinese): signing of requests
https://pay.weixin.qq.com/doc/v3/merchant/4012365334 and …/4012365336, signatures of answers and notifications
…/4013053249, decryption of notifications …/4012071382, native payments …/4012525171, notifications …/4012791836,
refunds https://pay.weixin.qq.com/docs/merchant/apis/native-payment/create.html.
"""
